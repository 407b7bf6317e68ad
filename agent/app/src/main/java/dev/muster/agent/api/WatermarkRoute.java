package dev.muster.agent.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;

/// Says up to which time the scraped samples are stored, once that is as late as somebody waits
/// for: `GET /api/v1/agent/watermark?at=MS&wait=MS`. Thread-safe.
final class WatermarkRoute {
    static final String PATH = "/api/v1/agent/watermark";

    private static final long LOOK_MS = 25;
    private static final long WAIT_LIMIT_MS = 60_000;

    /// More are answered at once.
    private static final int WAITING_LIMIT = 256;

    private final Vertx vertx;
    private final AtomicInteger waiting = new AtomicInteger();

    WatermarkRoute(Vertx vertx) {
        this.vertx = vertx;
    }

    void handle(AgentView view, RoutingContext context) {
        long atMs;
        long waitMs;
        try {
            atMs = number(context.request(), "at");
            waitMs = Math.clamp(number(context.request(), "wait"), 0, WAIT_LIMIT_MS);
        } catch (NumberFormatException e) {
            Answers.text(context.response(), 400, "at and wait must be numbers: " + e.getMessage());
            return;
        }
        if (waiting.incrementAndGet() > WAITING_LIMIT) {
            waitMs = 0;
        }
        look(view, context.response(), atMs, System.nanoTime() + waitMs * 1_000_000);
    }

    private void look(AgentView view, HttpServerResponse response, long atMs, long endNanos) {
        long throughMs = view.storedThroughMs();
        if (response.closed()) {
            waiting.decrementAndGet();
        } else if (throughMs >= atMs || System.nanoTime() - endNanos >= 0) {
            waiting.decrementAndGet();
            Answers.text(response, 200, Long.toString(throughMs));
        } else {
            vertx.setTimer(LOOK_MS, _ -> look(view, response, atMs, endNanos));
        }
    }

    private static long number(HttpServerRequest request, String name) {
        String text = request.getParam(name);
        return text == null ? 0 : Long.parseLong(text);
    }
}
