package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import java.io.IOException;

/// For kinds that send no requests.
public final class NoRequests implements HttpRequests {
    @Override
    public HttpAnswer get(HttpQuestion question) throws IOException {
        throw new IOException("no requests are sent here: uri=" + question.uri());
    }

    @Override
    public HttpAnswer post(HttpQuestion question, byte[] body) throws IOException {
        return get(question);
    }

    @Override
    public HttpAnswer lines(HttpQuestion question, Lines lines) throws IOException {
        return get(question);
    }
}
