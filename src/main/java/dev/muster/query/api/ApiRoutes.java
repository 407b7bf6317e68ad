package dev.muster.query.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// The routes of the query node.
@Singleton
final class ApiRoutes {
    private static final String API = "/api/v1/";

    private final ApiParts parts;
    private final ApiMetrics metrics;
    private final FleetEvents events;
    private final Dispatcher dispatcher;
    private final Cors cors;

    ApiRoutes(ApiParts parts, MeterRegistry registry) {
        this.parts = parts;
        this.metrics = new ApiMetrics(registry);
        this.events = new FleetEvents(parts.fleet()::state, metrics);
        this.dispatcher = new Dispatcher(parts.limits(), metrics, parts.load());
        this.cors = new Cors(parts.limits().corsOrigin());
    }

    void register(@Observes Router router) {
        router.route(API + "*").handler(cors::allow);
        router.options(API + "*").handler(context -> respond(context, 204, ""));
        registerQueries(router);
        registerStatus(router);
        new LoadRoutes(dispatcher, parts.load(), parts.clock()).register(router);
        registerHealth(router);
    }

    void stop(@Observes io.quarkus.runtime.ShutdownEvent event) {
        events.close();
    }

    private void registerQueries(Router router) {
        QueryCalls queries =
                new QueryCalls(
                        parts.engine(),
                        parts.results(),
                        parts.source(),
                        parts.limits().maxPoints(),
                        parts.load().text(),
                        parts.clock());
        SeriesCalls series = new SeriesCalls(parts.source());
        ExemplarCalls exemplars = new ExemplarCalls(parts.exemplars());
        MetadataCalls metadata = new MetadataCalls(parts.source(), parts.clock());
        getAndPost(router, "query", true, queries::instant);
        getAndPost(router, "query_range", true, queries::range);
        getAndPost(router, "query_exemplars", true, exemplars::exemplars);
        getAndPost(router, "format_query", false, queries::format);
        getAndPost(router, "parse_query", false, queries::parsed);
        getAndPost(router, "series", true, series::series);
        getAndPost(router, "labels", true, series::names);
        get(router, "label/:name/values", "label_values", true, series::values);
        get(router, "metadata", "metadata", true, metadata::metadata);
    }

    private void registerStatus(Router router) {
        StatusCalls status = new StatusCalls(parts.node(), parts.limits(), parts.clock());
        get(router, "status/buildinfo", "buildinfo", false, status::buildInfo);
        get(router, "status/runtimeinfo", "runtimeinfo", false, status::runtimeInfo);
        get(router, "status/flags", "flags", false, status::flags);
        get(router, "status/config", "config", false, status::config);
        get(router, "rules", "rules", false, status::rules);
        get(router, "alerts", "alerts", false, status::alerts);
        get(router, "alertmanagers", "alertmanagers", false, status::alertmanagers);
        AgentCalls agents = new AgentCalls(parts.directory(), parts.http());
        TargetCalls targets = new TargetCalls(parts.fleet()::state, agents);
        get(router, "targets", "targets", false, targets::targets);
        WhyCalls why = new WhyCalls(parts.fleet()::state, agents);
        get(router, "why", "why", false, why::why);
        WhyPage page = new WhyPage();
        router.get("/why").handler(context -> page.send(context.response()));
        get(router, "scrape_pools", "scrape_pools", false, targets::scrapePools);
        FleetCalls fleet =
                new FleetCalls(
                        parts.fleet()::state,
                        parts.follower(),
                        new AgentTotals(agents),
                        parts.blocks());
        get(router, "fleet", "fleet", false, fleet::fleet);
        get(router, "status/muster", "muster", false, fleet::status);
        router.get(API + "fleet/events").handler(events::handle);
    }

    private void registerHealth(Router router) {
        router.route("/-/healthy")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> respond(context, 200, "Muster query node is Healthy.\n"));
        router.route("/-/ready")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> {
                    if (parts.ready().getAsBoolean()) {
                        respond(context, 200, "Muster query node is Ready.\n");
                    } else {
                        respond(context, 503, "Service Unavailable");
                    }
                });
    }

    private void get(Router router, String path, String name, boolean reads, Operation operation) {
        router.get(API + path)
                .handler(context -> dispatcher.handle(context, name, reads, operation));
    }

    private void getAndPost(Router router, String path, boolean reads, Operation operation) {
        get(router, path, path, reads, operation);
        router.post(API + path)
                .handler(
                        BodyHandler.create(false)
                                .setBodyLimit(parts.limits().bodyLimitBytes())
                                .setMergeFormAttributes(false))
                .handler(context -> dispatcher.handle(context, path, reads, operation));
    }

    private static void respond(RoutingContext context, int status, String text) {
        var _ =
                context.response()
                        .setStatusCode(status)
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(text);
    }
}
