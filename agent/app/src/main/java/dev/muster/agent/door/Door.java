package dev.muster.agent.door;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.fetch.BodyPool;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The front door of everything that is pushed by HTTP: asks other hosts for a token, reads bodies
/// within limits before anybody parses them, and answers. Thread-safe.
public final class Door {
    private final Vertx vertx;
    private final DoorPlan plan;
    private final BodyPool pool;
    private final Callers callers;
    private final DoorMetrics metrics = new DoorMetrics();

    public Door(Vertx vertx, DoorPlan plan) {
        this.vertx = vertx;
        this.plan = plan;
        pool = new BodyPool(plan.bodyMemoryBytes());
        callers = new Callers(plan.tokenFile());
    }

    /// Lets pushes in.
    ///
    /// @param handler empty while the agent is starting; asked for each push
    public void route(Router router, PushRoute route, Supplier<Optional<PushHandler>> handler) {
        router.route(HttpMethod.valueOf(route.method()), route.path())
                .handler(context -> enter(context.request(), route, handler));
    }

    private void enter(
            HttpServerRequest request, PushRoute route, Supplier<Optional<PushHandler>> handler) {
        metrics.request(route.protocol());
        Visit visit = new Visit(vertx, plan, pool, metrics, route, request);
        Callers.@Nullable Refusal refusal = callers.refusal(caller(request));
        if (refusal != null) {
            visit.refuse(refusal.status(), refusal.reason(), refusal.text());
            return;
        }
        Optional<PushHandler> found = handler.get();
        if (found.isEmpty()) {
            visit.refuse(503, "starting", "agent is starting: it reads back what it had stored");
        } else if (metrics.inProgress.incrementAndGet() > plan.maxConcurrent()) {
            metrics.inProgress.decrementAndGet();
            visit.refuse(429, "busy", "pushes at one time must be at most " + plan.maxConcurrent());
        } else {
            visit.receive(found.get());
        }
    }

    private static Callers.Caller caller(HttpServerRequest request) {
        return new Callers.Caller(
                isRemote(request),
                request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null,
                request.getHeader("Authorization") == null
                        ? ""
                        : request.getHeader("Authorization"));
    }

    /// A proxy on this host speaks for others.
    static boolean isRemote(HttpServerRequest request) {
        @Nullable SocketAddress remote = request.remoteAddress();
        @Nullable String address = remote == null ? null : remote.hostAddress();
        boolean local =
                address != null
                        && (address.startsWith("127.")
                                || address.equals("::1")
                                || address.equals("0:0:0:0:0:0:0:1"));
        return !local
                || request.getHeader("X-Forwarded-For") != null
                || request.getHeader("Forwarded") != null;
    }

    public void writeMetrics(ExpositionWriter out) {
        metrics.write(out, pool);
    }
}
