package dev.muster.query.alertmanager.api;

import dev.muster.query.alertmanager.AlertHub;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The routes of Alertmanager's API below [#PREFIX]. Calls run on virtual threads, a bounded number
/// at a time. Thread-safe.
public final class AlertmanagerRoutes {
    /// Where the API is, for `--alertmanager.url` and `path_prefix`.
    public static final String PREFIX = "/alertmanager";

    private static final System.Logger LOG = System.getLogger(AlertmanagerRoutes.class.getName());
    private static final String API = PREFIX + "/api/v2/";
    private static final String JSON = "application/json";
    private static final long BODY_LIMIT_BYTES = 32 << 20;
    private static final int CALLS_LIMIT = 64;

    private final AlertCalls alerts;
    private final SilenceCalls silences;
    private final StatusCalls status;
    private final RouteCalls routes;
    private final HistoryCalls history;
    private final ApiMetrics metrics;
    private final Supplier<List<String>> reload;
    private final boolean lifecycle;
    private final Semaphore calls = new Semaphore(CALLS_LIMIT);

    @FunctionalInterface
    private interface Operation {
        Reply answer(RoutingContext context) throws Reply;
    }

    /// @param hub the alert manager
    /// @param metrics of what comes in
    /// @param rows looks up what became of alerts; empty where that is not kept
    /// @param node name of this node
    /// @param peers addresses of all nodes by name; none where there is no cluster
    /// @param version of this program
    /// @param started when it started
    /// @param reload reads the configuration again, and says what is wrong in it
    /// @param lifecycle whether calls may do that
    public AlertmanagerRoutes(
            AlertHub hub,
            ApiMetrics metrics,
            Optional<HistoryRows> rows,
            String node,
            Supplier<SortedMap<String, String>> peers,
            String version,
            Instant started,
            Supplier<List<String>> reload,
            boolean lifecycle) {
        alerts = new AlertCalls(hub, metrics);
        silences = new SilenceCalls(hub);
        routes = new RouteCalls(hub);
        history = new HistoryCalls(hub, rows);
        status = new StatusCalls(hub, node, peers, version, started);
        this.metrics = metrics;
        this.reload = reload;
        this.lifecycle = lifecycle;
    }

    /// Registers them.
    public void register(Router router) {
        on(router, HttpMethod.GET, API + "status", context -> status.status());
        on(router, HttpMethod.GET, API + "receivers", context -> status.receivers());
        on(router, HttpMethod.GET, API + "alerts", context -> alerts.alerts(context.queryParams()));
        on(
                router,
                HttpMethod.GET,
                API + "alerts/groups",
                context -> alerts.groups(context.queryParams()));
        on(
                router,
                HttpMethod.GET,
                API + "silences",
                context -> silences.silences(context.queryParams()));
        on(router, HttpMethod.GET, API + "silence/:id", context -> silences.silence(id(context)));
        on(router, HttpMethod.DELETE, API + "silence/:id", context -> silences.delete(id(context)));
        on(
                router,
                HttpMethod.GET,
                PREFIX + "/history",
                context -> history.history(context.queryParams()));
        withBody(router, API + "alerts", context -> alerts.post(array(body(context))));
        withBody(router, API + "silences", context -> silences.post(object(body(context))));
        withBody(router, PREFIX + "/route", context -> routes.route(object(body(context))));
        for (String check : List.of("healthy", "ready")) {
            router.get(PREFIX + "/-/" + check).handler(context -> text(context, 200, "OK"));
        }
        router.post(PREFIX + "/-/reload").handler(this::reload);
        router.route(PREFIX + "/*")
                .last()
                .handler(context -> text(context, 404, "404 page not found\n"));
    }

    private void withBody(Router router, String path, Operation operation) {
        router.post(path).handler(this::requireJson);
        router.post(path).handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT_BYTES));
        on(router, HttpMethod.POST, path, operation);
    }

    /// A page of another site cannot send this type without being asked whether it may.
    private void requireJson(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(JSON)) {
            metrics.refused("content-type");
            send(
                    context,
                    Reply.invalid(
                            415,
                            415,
                            "unsupported media type \""
                                    + type
                                    + "\", only ["
                                    + JSON
                                    + "] are"
                                    + " allowed"));
        } else {
            context.next();
        }
    }

    private void on(Router router, HttpMethod method, String path, Operation operation) {
        router.route(method, path).handler(handler(operation));
    }

    private Handler<RoutingContext> handler(Operation operation) {
        return context -> {
            if (!calls.tryAcquire()) {
                metrics.refused("calls");
                send(context, Reply.error(503, "too many calls: limit=" + CALLS_LIMIT));
                return;
            }
            Thread.ofVirtual()
                    .name("alertmanager-call")
                    .start(() -> {
                        try {
                            send(context, answer(context, operation));
                        } finally {
                            calls.release();
                        }
                    });
        };
    }

    private static Reply answer(RoutingContext context, Operation operation) {
        try {
            return operation.answer(context);
        } catch (Reply e) {
            return e;
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "call of the alert manager failed path=" + context.request().path(),
                    e);
            return Reply.error(500, "internal error: " + e);
        }
    }

    private static String id(RoutingContext context) {
        return String.valueOf(context.pathParam("id"));
    }

    private static Buffer body(RoutingContext context) throws Reply {
        Buffer body = context.body().buffer();
        if (body == null || body.length() == 0) {
            throw Reply.invalid(422, 602, "body in body is required");
        }
        return body;
    }

    private static JsonArray array(Buffer body) throws Reply {
        try {
            return new JsonArray(body);
        } catch (DecodeException | ClassCastException e) {
            throw Reply.invalid(400, 400, "parsing alerts body from \"\" failed: " + line(e));
        }
    }

    private static JsonObject object(Buffer body) throws Reply {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw Reply.invalid(400, 400, "parsing silence body from \"\" failed: " + line(e));
        }
    }

    private static String line(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void reload(RoutingContext context) {
        if (!lifecycle) {
            text(context, 403, "Lifecycle API is not enabled.");
            return;
        }
        Thread.ofVirtual()
                .name("alertmanager-reload")
                .start(() -> {
                    List<String> errors = reload.get();
                    if (errors.isEmpty()) {
                        text(context, 200, "");
                    } else {
                        String all = String.join("\n", errors);
                        text(context, 500, "failed to reload config: " + all + "\n");
                    }
                });
    }

    private static void text(RoutingContext context, int status, String text) {
        HttpServerResponse response = plain(context);
        var _ =
                response.setStatusCode(status)
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(text);
    }

    private static void send(RoutingContext context, Reply reply) {
        HttpServerResponse response = plain(context).setStatusCode(reply.status());
        String body = reply.body();
        if (body == null) {
            var _ = response.end();
        } else {
            var _ = response.putHeader("Content-Type", JSON).end(body);
        }
    }

    private static HttpServerResponse plain(RoutingContext context) {
        context.response().headers().remove("Content-Encoding");
        return context.response();
    }
}
