package dev.muster.agent.api;

import dev.muster.agent.part.PartAnswers;
import dev.muster.agent.part.PartLimits;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// `POST /api/v1/agent/part`: a part of a query, answered from the head. So many are answered at
/// one time, so many wait, and more are refused.
final class PartRoute implements AutoCloseable {
    static final String CONTENT_TYPE = "application/vnd.muster.part";

    /// Says which agent is meant, as `cell/host`, so that no other adds its series.
    private static final String AGENT_HEADER = "Muster-Agent";

    private static final Logger LOG = System.getLogger(PartRoute.class.getName());
    private static final int IDLE_SECONDS = 30;

    /// Says in which time there are series of lost peers: Unix milliseconds, `from-to`.
    private static final String SHARED_HEADER = "Muster-Shared";

    private final PartAnswers answers;
    private final Supplier<Optional<TimeRange>> ofOthers;
    private final String name;
    private final PartLimits limits;
    private final ApiMetrics metrics;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor executor;

    /// @param owner labels that tell this agent's series from others
    /// @param ofOthers the time of which there are series of lost peers
    /// @param limits with at least one at a time
    PartRoute(
            PartAnswers answers,
            Supplier<Optional<TimeRange>> ofOthers,
            Labels owner,
            PartLimits limits,
            ApiMetrics metrics,
            LongSupplier nanoTime) {
        this.answers = answers;
        this.ofOthers = ofOthers;
        name = encoded(owner.valueOf("cell")) + "/" + encoded(owner.valueOf("host"));
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        BlockingQueue<Runnable> queue =
                limits.maxWaiting() == 0
                        ? new SynchronousQueue<>()
                        : new ArrayBlockingQueue<>(limits.maxWaiting());
        executor =
                new ThreadPoolExecutor(
                        limits.maxConcurrent(),
                        limits.maxConcurrent(),
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        queue,
                        task -> {
                            Thread thread = new Thread(task, "muster-part");
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    void handle(HttpServerRequest request) {
        String wanted = request.getHeader(AGENT_HEADER);
        if (wanted != null && !wanted.equals(name)) {
            metrics.parts.count("other_agent");
            request.handler(_ -> {});
            Answers.text(request.response(), 421, "this is another agent: name=" + name);
            return;
        }
        LimitedBody.read(
                request,
                PartQueryCodec.SIZE_LIMIT_BYTES,
                metrics,
                body -> take(body, request.response()));
    }

    private void take(byte[] bytes, HttpServerResponse response) {
        try {
            PartQuery query = PartQueryCodec.decode(bytes);
            ClientBudget budget = new ClientBudget(nanoTime, shorter(query.timeout()));
            response.closeHandler(_ -> budget.clientGone());
            metrics.parts.waiting.incrementAndGet();
            executor.execute(() -> Answers.guarded(response, () -> run(query, response, budget)));
        } catch (FrameFormatException e) {
            metrics.refusedBody.increment();
            Answers.text(response, 400, String.valueOf(e.getMessage()));
        } catch (RejectedExecutionException e) {
            metrics.parts.waiting.decrementAndGet();
            metrics.parts.count("busy");
            response.putHeader("Retry-After", "1");
            Answers.text(
                    response,
                    503,
                    "parts of queries must be at most "
                            + limits.maxConcurrent()
                            + " at one time and "
                            + limits.maxWaiting()
                            + " waiting");
        }
    }

    private Duration shorter(Duration timeout) {
        return timeout.compareTo(limits.timeout()) < 0 ? timeout : limits.timeout();
    }

    private void run(PartQuery query, HttpServerResponse response, ClientBudget budget) {
        PartMetrics parts = metrics.parts;
        long startNanos = nanoTime.getAsLong();
        parts.waiting.decrementAndGet();
        parts.running.incrementAndGet();
        ResponseStream out = new ResponseStream(response);
        try {
            budget.check();
            parts.count(stream(query, response, out, budget));
        } catch (BudgetExceededException e) {
            parts.count(budget.gone() ? "client_gone" : "timeout");
            Answers.cut(response, 503, String.valueOf(e.getMessage()));
        } finally {
            parts.running.decrementAndGet();
            parts.bytes.add(out.totalBytes());
            parts.nanos.add(nanoTime.getAsLong() - startNanos);
        }
    }

    /// @return what became of it
    private String stream(
            PartQuery query, HttpServerResponse response, ResponseStream out, ClientBudget budget) {
        try {
            response.setChunked(true);
            response.putHeader("Content-Type", CONTENT_TYPE);
            Optional<PartException.Kind> failure = answers.answer(query, out, budget);
            response.end();
            return failure.map(kind ->
                            budget.gone() ? "client_gone" : kind.name().toLowerCase(Locale.ROOT))
                    .orElse("answered");
        } catch (ForeignSeriesException e) {
            ofOthers.get()
                    .ifPresent(range ->
                            response.putHeader(
                                    SHARED_HEADER, range.startMs() + "-" + range.endMs()));
            Answers.cut(response, 409, String.valueOf(e.getMessage()));
            return "foreign_series";
        } catch (IOException e) {
            if (response.closed() || budget.gone()) {
                return "client_gone";
            }
            LOG.log(Level.WARNING, "part of a query failed", e);
            Answers.cut(response, 500, String.valueOf(e.getMessage()));
            return "failed";
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
