package dev.muster.query.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Registers what answers which path, and answers methods and paths that there are not as
/// Prometheus does: 405 with the methods there are, and 404. Confined to the thread that starts the
/// node.
final class RouteTable {
    static final String API = "/api/v1/";

    private final Router router;
    private final Dispatcher dispatcher;
    private final Cors cors;
    private final BodyHandler forms;
    private final Map<String, SortedSet<String>> methods = new TreeMap<>();

    RouteTable(Router router, Dispatcher dispatcher, Cors cors, long bodyLimitBytes) {
        this.router = router;
        this.dispatcher = dispatcher;
        this.cors = cors;
        forms =
                BodyHandler.create(false)
                        .setBodyLimit(bodyLimitBytes)
                        .setMergeFormAttributes(false);
    }

    /// A call that takes its parameters from the URL.
    ///
    /// @param reads whether it reads series, so that it must wait for its turn
    void get(String path, String name, boolean reads, Operation operation) {
        on(HttpMethod.GET, API + path, call(name, reads, operation));
    }

    /// A call that takes its parameters from the URL or from a form.
    void getAndPost(String path, boolean reads, Operation operation) {
        get(path, path, reads, operation);
        post(path, path, call(path, reads, operation));
    }

    /// A call that changes something.
    void postAndPut(String path, String name, Operation operation) {
        post(path, name, call(name, false, operation));
        put(path, call(name, false, operation));
    }

    /// A call whose handler wants to see the request, once its body is there.
    void post(String path, String name, Handler<RoutingContext> handler) {
        router.post(API + path).handler(forms);
        on(HttpMethod.POST, API + path, handler);
    }

    /// A call whose body is not a form, and larger or smaller than one may be; `path` is the whole
    /// one.
    void postBytes(String path, long limitBytes, Handler<RoutingContext> handler) {
        router.post(path).handler(BodyHandler.create(false).setBodyLimit(limitBytes));
        on(HttpMethod.POST, path, handler);
    }

    /// A call by `PUT` whose handler wants to see the request, once its body is there.
    void put(String path, Handler<RoutingContext> handler) {
        router.put(API + path).handler(forms);
        on(HttpMethod.PUT, API + path, handler);
    }

    /// Anything else; `path` is the whole one.
    void on(HttpMethod method, String path, Handler<RoutingContext> handler) {
        methods.computeIfAbsent(path, key -> new TreeSet<>()).add(method.name());
        boolean api = path.startsWith(API);
        router.route(method, path)
                .handler(context -> {
                    if (api) {
                        cors.allow(context);
                    }
                    handler.handle(context);
                });
    }

    private Handler<RoutingContext> call(String name, boolean reads, Operation operation) {
        return context -> dispatcher.handle(context, name, reads, operation);
    }

    /// Registers what answers all the rest.
    void finish() {
        router.options(API + "*")
                .handler(context -> {
                    cors.allow(context);
                    var _ = unpacked(context).setStatusCode(204).end();
                });
        methods.forEach((path, known) -> {
            known.add("OPTIONS");
            String allowed = String.join(", ", known);
            router.route(path).last().handler(context -> refuse(context, allowed));
        });
        router.route(API + "*")
                .last()
                .handler(context -> respond(context, 404, "404 page not found\n"));
    }

    private static void refuse(RoutingContext context, String allowed) {
        context.response().putHeader("Allow", allowed);
        if (context.request().method().equals(HttpMethod.OPTIONS)) {
            var _ = unpacked(context).setStatusCode(200).end();
        } else {
            respond(context, 405, "Method Not Allowed\n");
        }
    }

    /// A text as the whole answer.
    static void respond(RoutingContext context, int status, String text) {
        context.response().putHeader("X-Content-Type-Options", "nosniff");
        respondPlainly(context, status, text);
    }

    /// As [#respond], where Prometheus does not say that the type must not be guessed.
    static void respondPlainly(RoutingContext context, int status, String text) {
        var _ =
                unpacked(context)
                        .setStatusCode(status)
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(text);
    }

    /// Quarkus marks every answer as not to be compressed; small ones need not say so.
    private static HttpServerResponse unpacked(RoutingContext context) {
        context.response().headers().remove("Content-Encoding");
        return context.response();
    }
}
