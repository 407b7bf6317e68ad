package dev.muster.query.api;

import dev.muster.query.remote.Federation;
import dev.muster.query.remote.ReadAnswer;
import dev.muster.query.remote.ReadLimits;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/// The routes of the query node.
@Singleton
final class ApiRoutes {
    private final ApiParts parts;
    private final FleetEvents events;
    private final Dispatcher dispatcher;
    private final Cors cors;
    private final SelfMetricsCalls selfMetrics;

    ApiRoutes(ApiParts parts, MeterRegistry registry) {
        this.parts = parts;
        this.selfMetrics = new SelfMetricsCalls(registry);
        ApiMetrics metrics = new ApiMetrics(registry);
        this.events = new FleetEvents(parts.fleet()::state, parts.log(), metrics);
        this.dispatcher = new Dispatcher(parts.limits(), metrics, parts.load());
        this.cors = new Cors(parts.limits().corsOrigin());
    }

    void register(@Observes Router router) {
        RouteTable routes =
                new RouteTable(router, dispatcher, cors, parts.limits().bodyLimitBytes());
        registerQueries(routes);
        registerRemote(routes);
        registerAdmin(routes);
        registerStatus(routes);
        new RuleRoutes(parts, dispatcher).register(routes);
        registerTargets(routes);
        registerFleet(routes);
        new LoadRoutes(dispatcher, parts.load(), parts.clock()).register(routes);
        ClusterRoutes.register(routes, parts.cluster(), parts.limits(), parts.load().memory());
        registerHealth(routes);
        routes.finish();
    }

    void stop(@Observes io.quarkus.runtime.ShutdownEvent event) {
        events.close();
    }

    private void registerQueries(RouteTable routes) {
        QueryCalls queries =
                new QueryCalls(
                        parts.engine(),
                        parts.results(),
                        parts.source(),
                        parts.limits().maxPoints(),
                        parts.load(),
                        parts.clock());
        SeriesCalls series = new SeriesCalls(parts.source());
        ExemplarCalls exemplars = new ExemplarCalls(parts.exemplars());
        MetadataCalls metadata = new MetadataCalls(parts.source(), parts.clock());
        routes.getAndPost("query", true, queries::instant);
        routes.getAndPost("query_range", true, queries::range);
        routes.getAndPost("query_exemplars", true, exemplars::exemplars);
        routes.getAndPost("format_query", false, queries::format);
        routes.getAndPost("parse_query", false, queries::parsed);
        routes.getAndPost("series", true, series::series);
        routes.getAndPost("labels", true, series::names);
        routes.get("label/:name/values", "label_values", true, series::values);
        routes.get("metadata", "metadata", true, metadata::metadata);
    }

    private void registerRemote(RouteTable routes) {
        RemoteReadCalls read =
                new RemoteReadCalls(new ReadAnswer(parts.source(), ReadLimits.DEFAULT), dispatcher);
        routes.post("read", "read", read::handle);
        FederateCalls federate =
                new FederateCalls(
                        new Federation(parts.source(), parts.lookback().toMillis()),
                        dispatcher,
                        parts.clock());
        routes.on(HttpMethod.GET, "/federate", federate::handle);
        SearchCalls search = new SearchCalls(parts.source(), parts.clock());
        routes.getAndPost("search/metric_names", true, search::metricNames);
        routes.getAndPost("search/label_names", true, search::labelNames);
        routes.getAndPost("search/label_values", true, search::labelValues);
    }

    private void registerAdmin(RouteTable routes) {
        AdminCalls admin =
                new AdminCalls(
                        parts.switches().admin(),
                        parts.tombstones(),
                        parts.results()::clear,
                        parts.clock());
        routes.postAndPut("admin/tsdb/delete_series", "delete_series", admin::deleteSeries);
        routes.postAndPut(
                "admin/tsdb/clean_tombstones", "clean_tombstones", admin::cleanTombstones);
        routes.postAndPut("admin/tsdb/snapshot", "snapshot", admin::snapshot);
        routes.get("admin/tsdb/tombstones", "tombstones", false, admin::tombstones);
        routes.postAndPut("admin/tsdb/tombstones/:name/restore", "restore", admin::restore);
    }

    private void registerStatus(RouteTable routes) {
        StatusCalls status = new StatusCalls(parts.node(), parts.limits(), parts.clock());
        routes.get("status/buildinfo", "buildinfo", false, status::buildInfo);
        routes.get("status/runtimeinfo", "runtimeinfo", false, status::runtimeInfo);
        routes.get("status/flags", "flags", false, status::flags);
        routes.get("status/config", "config", false, status::config);
        routes.get("status/self_metrics", "self_metrics", false, selfMetrics::selfMetrics);
        TsdbCalls tsdb = new TsdbCalls(parts.source(), parts.catalog(), parts.clock());
        routes.get("status/tsdb", "tsdb", true, tsdb::status);
        routes.get("status/tsdb/blocks", "tsdb_blocks", false, tsdb::blocks);
        routes.get("status/walreplay", "walreplay", false, tsdb::walReplay);
        FeatureCalls features =
                new FeatureCalls(parts.switches().admin(), parts.switches().lifecycle());
        routes.get("features", "features", false, features::features);
        NotificationCalls notifications =
                new NotificationCalls(parts.catalog(), parts.clock(), parts.node().startedMs());
        routes.get("notifications", "notifications", false, notifications::notifications);
        routes.get("notifications/live", "notifications_live", false, notifications::live);
    }

    private void registerTargets(RouteTable routes) {
        AgentCalls agents = new AgentCalls(parts.directory(), parts.http());
        TargetCalls targets = new TargetCalls(parts.fleet()::state, agents);
        routes.get("targets", "targets", false, targets::targets);
        routes.get("targets/metadata", "targets_metadata", false, targets::metadata);
        routes.get("targets/relabel_steps", "relabel_steps", false, targets::relabelSteps);
        routes.get("scrape_pools", "scrape_pools", false, targets::scrapePools);
        routes.get("scrape_pools/config", "scrape_pool_config", false, targets::scrapePoolConfig);
        WhyCalls why = new WhyCalls(parts.fleet()::state, agents);
        routes.get("why", "why", false, why::why);
        WhyPage page = new WhyPage();
        routes.on(HttpMethod.GET, "/why", context -> page.send(context.response()));
    }

    private void registerFleet(RouteTable routes) {
        AgentCalls agents = new AgentCalls(parts.directory(), parts.http());
        FleetCalls fleet =
                new FleetCalls(
                        parts.fleet()::state,
                        parts.log(),
                        parts.follower(),
                        new AgentTotals(agents),
                        () -> parts.catalog().stats().blocks());
        routes.get("fleet", "fleet", false, fleet::fleet);
        routes.get("fleet/history", "fleet_history", false, fleet::history);
        routes.get("status/muster", "muster", false, fleet::status);
        MissingCalls missing = new MissingCalls(parts.expected());
        routes.get("missing", "missing", false, missing::missing);
        routes.postAndPut("missing/acknowledge", "missing_acknowledge", missing::acknowledge);
        routes.postAndPut("missing/forget", "missing_forget", missing::forget);
        DirectoryCalls cells = new DirectoryCalls(parts.cells(), parts.fleet()::state);
        routes.get("directory", "directory", false, cells::directory);
        routes.on(HttpMethod.GET, RouteTable.API + "fleet/events", events::handle);
    }

    private void registerHealth(RouteTable routes) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            routes.on(
                    method,
                    "/-/healthy",
                    context -> RouteTable.respond(context, 200, "Muster query node is Healthy.\n"));
            routes.on(
                    method,
                    "/-/ready",
                    context -> {
                        if (parts.ready().getAsBoolean()) {
                            RouteTable.respond(context, 200, "Muster query node is Ready.\n");
                        } else {
                            RouteTable.respond(context, 503, "Service Unavailable");
                        }
                    });
        }
        for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PUT)) {
            routes.on(method, "/-/quit", this::quit);
        }
        routes.on(
                HttpMethod.GET,
                "/-/quit",
                context ->
                        RouteTable.respondPlainly(
                                context, 405, "Only POST or PUT requests allowed"));
    }

    private void quit(RoutingContext context) {
        if (!parts.switches().lifecycle()) {
            RouteTable.respondPlainly(context, 403, "Lifecycle API is not enabled.");
            return;
        }
        context.response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end("Requesting termination... Goodbye!")
                .onComplete(ended -> Quarkus.asyncExit());
    }
}
