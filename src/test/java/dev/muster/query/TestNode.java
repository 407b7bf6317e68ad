package dev.muster.query;

import dev.muster.query.api.TestRoutes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A whole query node over the fake fleet, without Quarkus around it.
final class TestNode implements AutoCloseable {
    private final FakeFleet fleet = new FakeFleet();
    private final Vertx vertx = Vertx.vertx();
    private final QueryWiring wiring;
    private final int port;

    /// @param settings beside those that name the fleet
    TestNode(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(fleet.start());
        all.remove("smallrye.config.mapping.validate-unknown");
        all.putAll(settings);
        QueryConfig config =
                new SmallRyeConfigBuilder()
                        .withMapping(QueryConfig.class)
                        .withSources(new PropertiesConfigSource(all, "test", 100))
                        .addDiscoveredConverters()
                        .build()
                        .getConfigMapping(QueryConfig.class);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        wiring = new QueryWiring(config, registry, vertx);
        Router router = Router.router(vertx);
        wiring.routes(router);
        TestRoutes.register(wiring.parts(), registry, router);
        port =
                vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .actualPort();
        wiring.start(new StartupEvent());
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        wiring.stop(new ShutdownEvent());
        var _ = vertx.close();
        fleet.stop();
    }
}
