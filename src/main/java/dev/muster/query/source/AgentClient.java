package dev.muster.query.source;

import dev.muster.model.frame.ExemplarAnswer;
import dev.muster.model.frame.ExemplarCodec;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.FrameStore;
import dev.muster.model.frame.KeptBytes;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.SplitSeriesSet;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks one agent for series and exemplars over HTTP. Thread-safe.
final class AgentClient {
    private static final String FRAMES = "application/vnd.muster.frames";
    private static final String SELECT = "/api/v1/agent/select";
    private static final String PART_TYPE = "application/vnd.muster.part";
    private static final String PART = "/api/v1/agent/part";
    private static final String EXEMPLAR_TYPE = "application/vnd.muster.exemplars";
    private static final String EXEMPLARS = "/api/v1/agent/exemplars";

    /// Says that there are series among the answer's that the agent took in place of others.
    private static final String TAKEN_HEADER = "Muster-Taken";

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
    SeriesSet select(AgentPlace agent, SelectRequest request, FrameStore store) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        return send(
                request(agent.url().resolve(SELECT), FRAMES, SelectRequestCodec.encode(request))
                        .build(),
                (_, message, _) -> new IOException(message),
                (body, headers) -> {
                    SeriesSet set =
                            FrameSeriesSet.read(
                                    body,
                                    request.withBudget(
                                            new AnswerBudget(
                                                    request.budget(),
                                                    answerLimitBytes,
                                                    deadlineNanos)),
                                    store);
                    return headers.firstValue(TAKEN_HEADER).isEmpty()
                            ? set
                            : SplitSeriesSet.of(set, labels -> isOf(agent, labels), agent.host());
                });
    }

    private static boolean isOf(AgentPlace agent, Labels labels) {
        return agent.host().equals(labels.get("host")) && agent.cell().equals(labels.get("cell"));
    }

    /// The answer to a part of a query, received to its end.
    ///
    /// @param store where it is until it is read
    /// @throws RefusedPartException if the agent does not answer it
    /// @throws BudgetExceededException if the answer is larger than the limit, or the query must
    ///   stop
    KeptBytes part(AgentPlace agent, PartQuery query, FrameStore store, ReadBudget budget)
            throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Duration shorter = query.timeout().compareTo(timeout) < 0 ? query.timeout() : timeout;
        HttpRequest request =
                request(
                                agent.url().resolve(PART),
                                PART_TYPE,
                                PartQueryCodec.encode(within(query, shorter)))
                        .header("Muster-Agent", name(agent.cell()) + "/" + name(agent.host()))
                        .build();
        return send(
                request,
                RefusedPartException::new,
                (body, _) ->
                        KeptBytes.read(
                                body,
                                store,
                                new AnswerBudget(budget, answerLimitBytes, deadlineNanos)));
    }

    private static PartQuery within(PartQuery query, Duration limit) {
        return new PartQuery(
                query.expr(),
                query.steps(),
                query.lookback(),
                query.subqueryStep(),
                query.instant(),
                limit);
    }

    private static String name(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /// @throws BudgetExceededException if the query must stop
    ExemplarAnswer exemplars(URI agent, ExemplarRequest request, ReadBudget budget)
            throws IOException {
        return post(
                agent.resolve(EXEMPLARS),
                EXEMPLAR_TYPE,
                ExemplarCodec.encode(request),
                (body, _) -> {
                    byte[] bytes = body.readNBytes(ExemplarCodec.ANSWER_LIMIT_BYTES + 1);
                    budget.chargeFetchedBytes(bytes.length);
                    return ExemplarCodec.decodeAnswer(bytes, budget);
                });
    }

    @FunctionalInterface
    private interface BodyReader<T> {
        T read(InputStream body, HttpHeaders headers) throws IOException;
    }

    @FunctionalInterface
    private interface Refusal {
        IOException of(int status, String message, HttpHeaders headers);
    }

    private <T> T post(URI url, String contentType, byte[] body, BodyReader<T> reader)
            throws IOException {
        return send(
                request(url, contentType, body).build(),
                (_, message, _) -> new IOException(message),
                reader);
    }

    private HttpRequest.Builder request(URI url, String contentType, byte[] body) {
        return HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private <T> T send(HttpRequest post, Refusal refusal, BodyReader<T> reader) throws IOException {
        try {
            HttpResponse<InputStream> response =
                    http.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw refusal.of(
                            response.statusCode(),
                            refusal(response.statusCode(), body),
                            response.headers());
                }
                T answer = reader.read(body, response.headers());
                // the end of the answer comes after its last frame: without it closing is a reset
                var _ = body.read();
                return answer;
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
