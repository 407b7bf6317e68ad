package dev.muster.agent.api;

import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.FrameWriter;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// `POST /api/v1/agent/select`: series of the head as frames, streamed as they are decoded.
final class SelectRoute {
    /// Says that there are series among the answer's that were taken in place of other agents.
    static final String TAKEN_HEADER = "Muster-Taken";

    static final String CONTENT_TYPE = "application/vnd.muster.frames";

    private static final Logger LOG = System.getLogger(SelectRoute.class.getName());

    private final Executor executor;
    private final ApiMetrics metrics;
    private final LongSupplier nanoTime;

    /// @param executor runs the work; rejects when there is too much of it
    SelectRoute(Executor executor, ApiMetrics metrics, LongSupplier nanoTime) {
        this.executor = executor;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    void handle(HttpServerRequest request, SeriesSource source, boolean others) {
        if (others) {
            request.response().putHeader(TAKEN_HEADER, "true");
        }
        LimitedBody.read(
                request,
                SelectRequestCodec.SIZE_LIMIT_BYTES,
                metrics,
                body -> answer(body, request.response(), source));
    }

    private void answer(byte[] bytes, HttpServerResponse response, SeriesSource source) {
        ClientBudget budget = new ClientBudget(nanoTime);
        response.closeHandler(_ -> budget.clientGone());
        try {
            SelectRequest select = SelectRequestCodec.decode(bytes, budget);
            Answers.onWorker(executor, metrics, response, () -> stream(select, response, source));
        } catch (FrameFormatException | IllegalArgumentException e) {
            metrics.refusedBody.increment();
            Answers.text(response, 400, String.valueOf(e.getMessage()));
        }
    }

    private void stream(SelectRequest select, HttpServerResponse response, SeriesSource source) {
        ResponseStream out = new ResponseStream(response);
        try (SeriesSet set = source.select(select)) {
            response.setChunked(true);
            response.putHeader("Content-Type", CONTENT_TYPE);
            FrameWriter.write(set, select.samples(), out);
            metrics.selectSeries.add(set.size());
            response.end();
        } catch (BudgetExceededException e) {
            metrics.clientsGone.increment();
            Answers.cut(response, 503, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (response.closed()) {
                metrics.clientsGone.increment();
            } else {
                LOG.log(Level.WARNING, "select failed", e);
            }
            Answers.cut(response, 500, String.valueOf(e.getMessage()));
        } finally {
            metrics.selectBytes.add(out.totalBytes());
        }
    }
}
