package dev.muster.query.source;

import dev.muster.model.frame.FrameSeriesSet;
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

/// Asks one agent for series over HTTP. Thread-safe.
final class AgentClient {
    private static final String CONTENT_TYPE = "application/vnd.muster.frames";
    private static final String PATH = "/api/v1/agent/select";

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
    /// @throws BudgetExceededException if the answer is larger than the limit, or the query must
    ///   stop
    SeriesSet select(URI agent, SelectRequest request) throws IOException {
        HttpRequest post =
                HttpRequest.newBuilder(agent.resolve(PATH))
                        .timeout(timeout)
                        .header("Content-Type", CONTENT_TYPE)
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        SelectRequestCodec.encode(request)))
                        .build();
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        try {
            HttpResponse<InputStream> response =
                    http.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(refusal(response.statusCode(), body));
                }
                ReadBudget limited =
                        new AnswerBudget(request.budget(), answerLimitBytes, deadlineNanos);
                return FrameSeriesSet.read(body, request.withBudget(limited));
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
