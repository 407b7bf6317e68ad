package dev.muster.agent.api;

import dev.muster.model.frame.ExemplarCodec;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.series.ExemplarSource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;

/// `POST /api/v1/agent/exemplars`: the exemplars that the head keeps.
final class ExemplarsRoute {
    static final String CONTENT_TYPE = "application/vnd.muster.exemplars";

    private static final Logger LOG = System.getLogger(ExemplarsRoute.class.getName());

    private final Executor executor;
    private final ApiMetrics metrics;

    /// @param executor runs the work; rejects when there is too much of it
    ExemplarsRoute(Executor executor, ApiMetrics metrics) {
        this.executor = executor;
        this.metrics = metrics;
    }

    void handle(HttpServerRequest request, ExemplarSource source) {
        LimitedBody.read(
                request,
                ExemplarCodec.REQUEST_LIMIT_BYTES,
                metrics,
                body -> answer(body, request.response(), source));
    }

    private void answer(byte[] bytes, HttpServerResponse response, ExemplarSource source) {
        try {
            ExemplarRequest wanted = ExemplarCodec.decodeRequest(bytes);
            Answers.onWorker(executor, metrics, response, () -> find(wanted, response, source));
        } catch (FrameFormatException e) {
            metrics.refusedBody.increment();
            Answers.text(response, 400, String.valueOf(e.getMessage()));
        }
    }

    private static void find(
            ExemplarRequest wanted, HttpServerResponse response, ExemplarSource source) {
        try {
            byte[] answer = ExemplarCodec.encode(source.exemplars(wanted.range(), wanted.anyOf()));
            response.putHeader("Content-Type", CONTENT_TYPE).end(Buffer.buffer(answer));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "exemplars could not be read", e);
            Answers.text(response, 500, String.valueOf(e.getMessage()));
        }
    }
}
