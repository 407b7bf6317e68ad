package dev.muster.agent.api;

import dev.muster.agent.json.JsonText;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// How routes answer.
final class Answers {
    private static final Logger LOG = System.getLogger(Answers.class.getName());

    private Answers() {}

    static void text(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(text + "\n");
    }

    static void json(HttpServerResponse response, int status, JsonObject json) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(JsonText.bytes(json));
    }

    static JsonObject success(JsonObject data) {
        return new JsonObject().put("status", "success").put("data", data);
    }

    /// An error in Prometheus' envelope.
    static JsonObject error(String type, String message) {
        return new JsonObject().put("status", "error").put("errorType", type).put("error", message);
    }

    /// Runs work that may block; answers 503 when there is too much of it.
    static void onWorker(
            Executor executor, ApiMetrics metrics, HttpServerResponse response, Runnable work) {
        try {
            executor.execute(() -> guarded(response, work));
        } catch (RejectedExecutionException e) {
            metrics.refusedBusy.increment();
            response.putHeader("Retry-After", "1");
            text(response, 503, "agent is busy: too many requests at once");
        }
    }

    /// Runs work; answers 500 where it fails.
    static void guarded(HttpServerResponse response, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request failed", e);
            if (!response.headWritten() && !response.closed()) {
                text(response, 500, "internal error: " + e);
            } else {
                response.reset();
            }
        }
    }

    /// An error before the first byte has a status; after it the connection is cut, so that the
    /// client sees a stream without its end frame.
    static void cut(HttpServerResponse response, int status, String message) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
        } else {
            response.setChunked(false);
            text(response, status, message);
        }
    }
}
