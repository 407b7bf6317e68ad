package dev.muster.agent.api;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.DirectoryPart;
import dev.muster.agent.fleet.Rosters;
import dev.muster.agent.hint.CellHints;
import dev.muster.agent.part.PartAnswers;
import dev.muster.agent.part.PartLimits;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.model.labels.Labels;
import dev.muster.yaml.YamlException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The agent's routes.
public final class AgentRoutes implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final int WAITING_LIMIT = 64;
    private static final int IDLE_SECONDS = 30;

    private final Vertx vertx;
    private final Supplier<Optional<AgentView>> agent;
    private final Consumer<ExpositionWriter> more;
    private final ApiMetrics metrics = new ApiMetrics();
    private final ThreadPoolExecutor executor;
    private final SelectRoute select;
    private final WhyRoute why;
    private final ExemplarsRoute exemplars;
    private final UpnessRoute upness;
    private final WatermarkRoute watermark;
    private final Object partLock = new Object();
    private @Nullable PartRoute part;
    private Labels partOwner = Labels.EMPTY;
    private @Nullable CellStreams streams;

    /// @param agent empty until the agent has read back what it had stored
    /// @param more writes metrics that are there before the agent is
    /// @param clock of what is asked without a time
    public AgentRoutes(
            Vertx vertx,
            Supplier<Optional<AgentView>> agent,
            Consumer<ExpositionWriter> more,
            InstantSource clock) {
        this.more = more;
        this.vertx = vertx;
        this.agent = agent;
        executor =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING_LIMIT),
                        task -> {
                            Thread thread = new Thread(task, "muster-api");
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
        select = new SelectRoute(executor, metrics, System::nanoTime);
        why = new WhyRoute(metrics);
        exemplars = new ExemplarsRoute(executor, metrics);
        upness = new UpnessRoute(executor, metrics, clock);
        watermark = new WatermarkRoute(vertx);
    }

    public void register(Router router) {
        router.get("/-/healthy").handler(context -> ok(context, "Muster agent is healthy."));
        get(router, "/-/ready", (_, context) -> ok(context, "Muster agent is ready."));
        route(router, HttpMethod.POST, "/-/reload", this::reload);
        get(router, "/metrics", (view, context) -> metrics(context, out -> allMetrics(view, out)));
        get(router, "/metrics/host", (view, context) -> metrics(context, view::writeHostMetrics));
        get(router, "/why", (view, context) -> why.page(view.why(), context.request()));
        get(router, "/api/v1/why", (view, context) -> why.json(view.why(), context.request()));
        get(router, "/api/v1/targets", this::targets);
        get(router, "/api/v1/targets/metadata", this::metadata);
        get(router, "/api/v1/targets/relabel_steps", this::relabelSteps);
        get(
                router,
                "/api/v1/scrape_pools",
                (view, context) -> data(context, () -> TargetCalls.scrapePools(view)));
        get(
                router,
                "/api/v1/scrape_pools/config",
                (view, context) ->
                        data(
                                context,
                                () ->
                                        TargetCalls.scrapePoolConfig(
                                                view, parameter(context, "scrapePool"))));
        get(
                router,
                "/api/v1/agent/status",
                (view, context) ->
                        work(context, response -> Answers.json(response, 200, view.status())));
        route(
                router,
                HttpMethod.POST,
                "/api/v1/agent/select",
                (view, context) ->
                        select.handle(context.request(), view.series(), view.holdsOthers()));
        route(
                router,
                HttpMethod.POST,
                "/api/v1/agent/exemplars",
                (view, context) -> exemplars.handle(context.request(), view.exemplars()));
        route(router, HttpMethod.POST, "/api/v1/agent/part", this::part);
        get(router, WatermarkRoute.PATH, watermark::handle);
        get(router, "/api/v1/cell/stream", this::stream);
        DirectoryRoutes directory = new DirectoryRoutes(executor, metrics);
        route(router, HttpMethod.POST, DirectoryPart.PATH, directory::exchange);
        get(
                router,
                DirectoryPart.PATH,
                (view, context) ->
                        data(context, () -> DirectoryRoutes.directory(view.fleet().directory())));
        get(
                router,
                Rosters.PATH,
                (view, context) ->
                        Answers.text(context.response(), 200, Rosters.text(view.cell())));
        get(
                router,
                "/api/v1/cell/manifest",
                (view, context) ->
                        frame(
                                context,
                                () ->
                                        view.manifest(
                                                context.queryParam("host").stream().findFirst()),
                                "no manifest yet"));
        get(
                router,
                CellHints.PATH,
                (view, context) -> frame(context, view::hint, "a name is in no hint yet"));
        get(
                router,
                "/api/v1/upness",
                (view, context) -> upness.handle(context.request(), view.upness()));
        route(router, HttpMethod.POST, "/api/v1/cell/stream", this::stream);
        route(
                router,
                HttpMethod.POST,
                "/api/v1/cell/delta",
                (view, context) -> streams(view).delta(context.request()));
        new ServiceRoutes(executor, metrics, agent).register(router);
    }

    private void get(Router router, String path, BiConsumer<AgentView, RoutingContext> handler) {
        route(router, HttpMethod.GET, path, handler);
    }

    private void route(
            Router router,
            HttpMethod method,
            String path,
            BiConsumer<AgentView, RoutingContext> handler) {
        router.route(method, path)
                .handler(context -> {
                    metrics.count(path);
                    metrics.protocol(context.request().version());
                    Optional<AgentView> view = agent.get();
                    if (view.isPresent()) {
                        handler.accept(view.get(), context);
                    } else {
                        Answers.text(
                                context.response(),
                                503,
                                "agent is starting: it reads back what it had stored");
                    }
                });
    }

    private void part(AgentView view, RoutingContext context) {
        if (view.partLimits().maxConcurrent() == 0) {
            Answers.text(context.response(), 404, "parts of queries are not answered here");
        } else {
            part(view).handle(context.request());
        }
    }

    /// Made when the first part is asked: the classes that evaluate queries take memory.
    private PartRoute part(AgentView view) {
        synchronized (partLock) {
            PartRoute made = part;
            Labels owner = view.owner();
            if (made != null && !owner.equals(partOwner)) {
                // the agent is of another cell now
                made.close();
                made = null;
            }
            if (made == null) {
                PartLimits limits = view.partLimits();
                PartAnswers answers = new PartAnswers(view.series(), owner, limits);
                made =
                        new PartRoute(
                                answers,
                                view::rangeOfOthers,
                                owner,
                                limits,
                                metrics,
                                System::nanoTime);
                part = made;
                partOwner = owner;
            }
            return made;
        }
    }

    private static void ok(RoutingContext context, String text) {
        Answers.text(context.response(), 200, text);
    }

    private void work(RoutingContext context, Consumer<HttpServerResponse> handler) {
        HttpServerResponse response = context.response();
        Answers.onWorker(executor, metrics, response, () -> handler.accept(response));
    }

    private void reload(AgentView view, RoutingContext context) {
        work(
                context,
                response -> {
                    try {
                        view.reload();
                        Answers.text(response, 200, "reloaded targets=" + view.targets().size());
                    } catch (YamlException e) {
                        Answers.text(response, 500, "kept as it was: " + e.getMessage());
                    }
                });
    }

    private void metrics(RoutingContext context, Consumer<ExpositionWriter> writing) {
        work(
                context,
                response -> {
                    ExpositionWriter out = new ExpositionWriter();
                    writing.accept(out);
                    response.putHeader(
                                    "Content-Type", ExpositionFormat.PROMETHEUS_TEXT.contentType())
                            .end(Buffer.buffer(out.size()).appendBytes(out.bytes(), 0, out.size()));
                });
    }

    private void allMetrics(AgentView view, ExpositionWriter out) {
        view.writeMetrics(out);
        metrics.write(out);
        more.accept(out);
        ProcessMetrics.write(out);
    }

    private void metadata(AgentView view, RoutingContext context) {
        data(
                context,
                () -> {
                    String limit = parameter(context, "limit");
                    return TargetCalls.metadata(
                            view,
                            parameter(context, "match_target"),
                            parameter(context, "metric"),
                            limit.isEmpty() ? -1 : Integer.parseInt(limit));
                });
    }

    private void relabelSteps(AgentView view, RoutingContext context) {
        data(
                context,
                () ->
                        TargetCalls.relabelSteps(
                                view,
                                parameter(context, "scrapePool"),
                                parameter(context, "labels")));
    }

    private static String parameter(RoutingContext context, String name) {
        return Objects.requireNonNullElse(context.request().getParam(name), "");
    }

    /// Answers in Prometheus' envelope; a wrong question is the client's.
    private void data(RoutingContext context, Callable<Object> answer) {
        work(
                context,
                response -> {
                    try {
                        JsonObject success = new JsonObject().put("status", "success");
                        Answers.json(response, 200, success.put("data", answer.call()));
                    } catch (IllegalArgumentException e) {
                        Answers.json(
                                response,
                                400,
                                Answers.error("bad_data", String.valueOf(e.getMessage())));
                    } catch (Exception e) {
                        Answers.json(
                                response,
                                500,
                                Answers.error("internal", String.valueOf(e.getMessage())));
                    }
                });
    }

    private void targets(AgentView view, RoutingContext context) {
        String state =
                Objects.requireNonNullElse(context.request().getParam("state"), "any")
                        .toLowerCase(Locale.ROOT);
        String pool = Objects.requireNonNullElse(context.request().getParam("scrapePool"), "");
        work(
                context,
                response ->
                        Answers.json(
                                response,
                                200,
                                Answers.success(
                                        TargetsJson.of(
                                                view.jobs(),
                                                view.targets(),
                                                view.found(),
                                                state,
                                                pool))));
    }

    private void stream(AgentView view, RoutingContext context) {
        streams(view).stream(context.request());
    }

    /// Made for the first client: most agents have none.
    private CellStreams streams(AgentView view) {
        synchronized (partLock) {
            CellStreams made = streams;
            if (made == null) {
                var publisher = new CellPublisher(view::cell);
                made = new CellStreams(vertx, publisher, view.hints(), metrics);
                streams = made;
            }
            return made;
        }
    }

    private void frame(RoutingContext context, Supplier<Optional<byte[]>> source, String noneYet) {
        work(
                context,
                response ->
                        source.get()
                                .ifPresentOrElse(
                                        frame ->
                                                response.putHeader(
                                                                "Content-Type",
                                                                "application/octet-stream")
                                                        .end(Buffer.buffer(frame)),
                                        () -> Answers.text(response, 404, noneYet)));
    }

    @Override
    public void close() {
        executor.shutdownNow();
        synchronized (partLock) {
            if (part != null) {
                part.close();
            }
        }
    }
}
