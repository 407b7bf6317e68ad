package dev.muster.query.source;

import dev.muster.model.frame.ExemplarAnswer;
import dev.muster.model.frame.ExemplarCodec;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.FrameStore;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks one agent for series and exemplars over HTTP. Thread-safe.
final class AgentClient {
    private static final String FRAMES = "application/vnd.muster.frames";
    private static final String SELECT = "/api/v1/agent/select";
    private static final String EXEMPLAR_TYPE = "application/vnd.muster.exemplars";
    private static final String EXEMPLARS = "/api/v1/agent/exemplars";

    /// What is shown of an answer that is an error.
    private static final int ERROR_BYTES = 200;

    private final HttpClient http;
    private final Duration timeout;
    private final long answerLimitBytes;

    AgentClient(HttpClient http, Duration timeout, long answerLimitBytes) {
        this.http = http;
        this.timeout = timeout;
        this.answerLimitBytes = answerLimitBytes;
    }

    /// The answer, read to its end: later calls on the set need the agent no more.
    ///
    /// @param store where the answer is until it is read
    /// @throws BudgetExceededException if the answer is larger than the limit, or the query must
    ///   stop
    SeriesSet select(URI agent, SelectRequest request, FrameStore store) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        return post(
                agent.resolve(SELECT),
                FRAMES,
                SelectRequestCodec.encode(request),
                body ->
                        FrameSeriesSet.read(
                                body,
                                request.withBudget(
                                        new AnswerBudget(
                                                request.budget(), answerLimitBytes, deadlineNanos)),
                                store));
    }

    /// @throws BudgetExceededException if the query must stop
    ExemplarAnswer exemplars(URI agent, ExemplarRequest request, ReadBudget budget)
            throws IOException {
        return post(
                agent.resolve(EXEMPLARS),
                EXEMPLAR_TYPE,
                ExemplarCodec.encode(request),
                body -> {
                    byte[] bytes = body.readNBytes(ExemplarCodec.ANSWER_LIMIT_BYTES + 1);
                    budget.chargeFetchedBytes(bytes.length);
                    return ExemplarCodec.decodeAnswer(bytes, budget);
                });
    }

    @FunctionalInterface
    private interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    private <T> T post(URI url, String contentType, byte[] request, BodyReader<T> reader)
            throws IOException {
        HttpRequest post =
                HttpRequest.newBuilder(url)
                        .timeout(timeout)
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                        .build();
        try {
            HttpResponse<InputStream> response =
                    http.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(refusal(response.statusCode(), body));
                }
                return reader.read(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the agent was asked");
        }
    }

    private static String refusal(int status, InputStream body) throws IOException {
        String text = new String(body.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8).strip();
        return "answered status=" + status + (text.isEmpty() ? "" : " " + text);
    }
}
