package dev.muster.agent;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRoute;
import dev.muster.agent.intake.influx.InfluxQuery;
import dev.muster.agent.scrape.fetch.BodyEncoding;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which paths take pushes, and what takes them.
final class PushRoutes {
    private static final List<String> OTLP = List.of("/api/v1/otlp/v1/metrics", "/v1/metrics");

    private static final List<String> INFLUX = List.of("/write", "/api/v2/write");

    private final Door door;
    private final Supplier<Optional<Agent>> agent;

    /// @param agent empty until it has started
    PushRoutes(Door door, Supplier<Optional<Agent>> agent) {
        this.door = door;
        this.agent = agent;
    }

    void register(Router router) {
        new KeptRoutes(door, agent).register(router);
        PushRoute write =
                new PushRoute("POST", "/api/v1/write", "remote_write", BodyEncoding.SNAPPY);
        route(router, write, PushHandlers::remoteWrite);
        for (String path : OTLP) {
            route(router, PushRoute.of("POST", path, "otlp"), PushHandlers::otlp);
        }
        for (String path : INFLUX) {
            route(router, PushRoute.of("POST", path, "influx"), PushHandlers::influx);
        }
        influxQuestions(router);
    }

    /// What clients of InfluxDB ask before they write.
    private void influxQuestions(Router router) {
        for (String method : List.of("GET", "POST")) {
            route(router, PushRoute.of(method, "/query", "influx"), PushHandlers::influxQuery);
        }
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/ping")
                    .handler(context ->
                            context.response()
                                    .setStatusCode(204)
                                    .putHeader("X-Influxdb-Version", InfluxQuery.VERSION)
                                    .end());
        }
    }

    /// @param handler of a running agent
    private void route(
            Router router, PushRoute route, Function<PushHandlers, PushHandler> handler) {
        door.route(router, route, () -> agent.get().map(Agent::pushes).map(handler));
    }
}
