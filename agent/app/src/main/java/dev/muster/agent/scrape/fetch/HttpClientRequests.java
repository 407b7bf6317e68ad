package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Requests of discoveries, through the same clients as scrapes. Thread-safe.
final class HttpClientRequests implements HttpRequests {
    private final HttpExchanges exchanges;
    private final UnixSockets sockets;

    HttpClientRequests(HttpExchanges exchanges, UnixSockets sockets) {
        this.exchanges = exchanges;
        this.sockets = sockets;
    }

    @Override
    public HttpAnswer get(HttpQuestion question) throws IOException, InterruptedException {
        if (question.unixSocket().isPresent()) {
            return sockets.get(question, question.unixSocket().get());
        }
        return BlockingCall.send(
                exchanges,
                order(question, null, false),
                question.access(),
                question.bodyLimitBytes());
    }

    @Override
    public HttpAnswer post(HttpQuestion question, byte[] body)
            throws IOException, InterruptedException {
        return BlockingCall.send(
                exchanges,
                order(question, Buffer.buffer(body), false),
                question.access(),
                question.bodyLimitBytes());
    }

    @Override
    public HttpAnswer lines(HttpQuestion question, Lines lines)
            throws IOException, InterruptedException {
        LineSplitter splitter = new LineSplitter(question.bodyLimitBytes(), lines);
        if (question.unixSocket().isPresent()) {
            return sockets.lines(question, question.unixSocket().get(), splitter);
        }
        HttpAccess access = question.access();
        return BlockingStream.send(
                exchanges,
                order(question, null, true),
                access,
                question.bodyLimitBytes(),
                splitter);
    }

    private static HttpOrder order(HttpQuestion question, @Nullable Buffer body, boolean stream)
            throws FetchException {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .set(HttpHeaders.USER_AGENT, HttpExchanges.USER_AGENT);
        if (question.access().compression() && !stream) {
            headers.set(HttpHeaders.ACCEPT_ENCODING, "gzip");
        }
        question.headers().forEach(headers::set);
        try {
            return new HttpOrder(
                    HttpOrder.endpoint(question.uri()),
                    headers,
                    body,
                    question.access().followRedirects() && body == null,
                    question.timeout().toMillis(),
                    stream);
        } catch (IllegalArgumentException e) {
            throw new FetchException(
                    FetchFault.OTHER,
                    "address must be http or https with a host: found="
                            + HttpReasons.shown(String.valueOf(question.uri())),
                    e);
        }
    }
}
