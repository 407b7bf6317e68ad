package dev.muster.query.api;

import dev.muster.query.load.QueryLoad;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;

/// The routes of what queries cost.
final class LoadRoutes {
    private static final String ACTIVE = "/api/v1/status/active_queries";
    private static final String TOP = "/api/v1/status/top_queries";

    private final Dispatcher dispatcher;
    private final LoadCalls calls;

    LoadRoutes(Dispatcher dispatcher, QueryLoad load, InstantSource clock) {
        this.dispatcher = dispatcher;
        calls = new LoadCalls(load, clock);
    }

    void register(RouteTable routes) {
        route(routes, HttpMethod.GET, ACTIVE, "active_queries", calls::active);
        route(routes, HttpMethod.GET, TOP, "top_queries", calls::top);
        route(routes, HttpMethod.DELETE, ACTIVE + "/:name", "cancel_query", calls::cancel);
        route(routes, HttpMethod.POST, ACTIVE + "/:name/cancel", "cancel_query", calls::cancel);
    }

    private void route(
            RouteTable routes, HttpMethod method, String path, String name, Operation operation) {
        routes.on(method, path, context -> dispatcher.handle(context, name, false, operation));
    }
}
