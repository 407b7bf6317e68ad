package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.sd.FakeApi;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// An API server: lists in pages, watches that stream, versions that are forgotten. Everything
/// happens on its event loop.
final class FakeKubernetes implements AutoCloseable {
    /// What happened to the objects of a path.
    private record Event(long version, String type, String path, JsonObject object) {}

    /// A watch that goes on.
    private record Watching(String path, HttpServerRequest request) {}

    private final FakeApi api = FakeApi.start(this::answer);
    private final Map<String, JsonObject> objects = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Watching> watches = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private long version = 100;
    private long forgotten;

    /// Status of every answer.
    volatile int status = 200;

    /// The token that requests must have; empty for any.
    volatile String token = "";

    URI uri() {
        return api.uri();
    }

    HttpRequests requests() {
        return api.requests();
    }

    /// Requests without the address.
    List<String> asked() {
        return asked;
    }

    int watches() {
        return on(watches::size);
    }

    /// @param path of the list that holds the object, for all namespaces
    void put(String path, JsonObject object) {
        on(() -> {
            JsonObject meta = object.getJsonObject("metadata");
            meta.put("resourceVersion", Long.toString(++version));
            String key = key(path, object);
            String type = objects.containsKey(key) ? "MODIFIED" : "ADDED";
            objects.put(key, object);
            tell(new Event(version, type, path, object));
            return 0;
        });
    }

    void remove(String path, String namespace, String name) {
        on(() -> {
            JsonObject object =
                    Objects.requireNonNull(objects.remove(path + " " + namespace + "/" + name));
            object.getJsonObject("metadata").put("resourceVersion", Long.toString(++version));
            tell(new Event(version, "DELETED", path, object));
            return 0;
        });
    }

    /// Sends every watch the version of now.
    void bookmark() {
        on(() -> {
            JsonObject meta = new JsonObject().put("resourceVersion", Long.toString(version));
            for (Watching watch : watches) {
                write(watch, "BOOKMARK", new JsonObject().put("metadata", meta));
            }
            return 0;
        });
    }

    /// Forgets what happened until now, so that older versions are gone.
    void forget() {
        on(() -> {
            forgotten = version + 1;
            version++;
            events.clear();
            return 0;
        });
    }

    /// Cuts the connections of all watches.
    void cut() {
        on(() -> {
            watches.forEach(watch -> watch.request.connection().close());
            watches.clear();
            return 0;
        });
    }

    /// Ends all watches as a server does after their time.
    void end() {
        on(() -> {
            watches.forEach(watch -> watch.request.response().end());
            watches.clear();
            return 0;
        });
    }

    private <T> T on(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        api.vertx().runOnContext(_ -> done.complete(task.get()));
        return done.join();
    }

    private static String key(String path, JsonObject object) {
        JsonObject meta = object.getJsonObject("metadata");
        return path + " " + meta.getString("namespace", "") + "/" + meta.getString("name");
    }

    private void tell(Event event) {
        events.add(event);
        for (Watching watch : watches) {
            if (watch.path.equals(event.path)) {
                write(watch, event.type, event.object);
            }
        }
    }

    private static void write(Watching watch, String type, JsonObject object) {
        JsonObject event = new JsonObject().put("type", type).put("object", object);
        watch.request.response().write(event.encode() + "\n");
    }

    private void answer(HttpServerRequest request) {
        asked.add(URLDecoder.decode(request.uri(), StandardCharsets.UTF_8));
        String authorization = String.valueOf(request.getHeader("Authorization"));
        if (!token.isEmpty() && !authorization.equals("Bearer " + token)) {
            fail(request, 401, "Unauthorized");
        } else if (status != 200) {
            fail(request, status, "out of order");
        } else if (request.getParam("watch") == null) {
            list(request);
        } else {
            watch(request);
        }
    }

    private static void fail(HttpServerRequest request, int status, String message) {
        request.response().setStatusCode(status);
        FakeApi.json(
                request, new JsonObject().put("message", message).put("code", status).encode());
    }

    private void list(HttpServerRequest request) {
        String path = path(request);
        List<JsonObject> all =
                objects.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(path + " "))
                        .map(Map.Entry::getValue)
                        .sorted(Comparator.comparing(FakeKubernetes::key0))
                        .toList();
        // pages of two, so that every list of three has a second one
        int from = Integer.parseInt(request.getParam("continue", "0"));
        boolean paged = request.getParam("limit") != null;
        int to = paged ? Math.min(all.size(), from + 2) : all.size();
        JsonObject meta = new JsonObject().put("resourceVersion", Long.toString(version));
        if (to < all.size()) {
            meta.put("continue", Integer.toString(to));
        }
        FakeApi.json(
                request,
                new JsonObject()
                        .put("metadata", meta)
                        .put("items", new JsonArray(new ArrayList<>(all.subList(from, to))))
                        .encode());
    }

    private static String path(HttpServerRequest request) {
        return String.valueOf(request.path()).replaceFirst("/namespaces/[^/]+", "");
    }

    private static String key0(JsonObject object) {
        return key("", object);
    }

    private void watch(HttpServerRequest request) {
        long after = Long.parseLong(request.getParam("resourceVersion"));
        HttpServerResponse response = request.response();
        response.putHeader("Content-Type", "application/json").setChunked(true);
        Watching watch = new Watching(path(request), request);
        if (after < forgotten) {
            write(watch, "ERROR", new JsonObject().put("code", 410).put("message", "too old"));
            response.end();
            return;
        }
        response.writeHead();
        for (Event event : events) {
            if (event.version > after && event.path.equals(watch.path)) {
                write(watch, event.type, event.object);
            }
        }
        watches.add(watch);
    }

    @Override
    public void close() {
        api.close();
    }
}
