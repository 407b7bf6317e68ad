package dev.muster.query.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;

/// The routes of a node for tests that run without Quarkus.
public final class TestRoutes {
    private TestRoutes() {}

    public static void register(ApiParts parts, MeterRegistry registry, Router router) {
        new ApiRoutes(parts, registry).register(router);
    }
}
