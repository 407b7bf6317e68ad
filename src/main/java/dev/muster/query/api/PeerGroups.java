package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import dev.muster.query.rules.Alert;
import dev.muster.query.rules.AlertState;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.live.GroupView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// The groups of all query nodes: of those that others evaluate, what these say. Thread-safe.
///
/// @param own groups of this node's files
/// @param peers where the other query nodes are reached
/// @param http asks them
record PeerGroups(Supplier<List<GroupView>> own, Supplier<List<URI>> peers, HttpClient http)
        implements Supplier<List<GroupView>> {
    /// Asks for what a node evaluates itself.
    static final String LOCAL = "muster_local";

    private static final String PATH = "/api/v1/rules?" + LOCAL + "=true";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final double NANOS = 1e9;

    @Override
    public List<GroupView> get() {
        List<GroupView> groups = own.get();
        List<URI> others = peers.get();
        if (others.isEmpty() || groups.stream().allMatch(GroupView::local)) {
            return groups;
        }
        Map<String, JsonObject> told = ask(others);
        return groups.stream()
                .map(group ->
                        group.local()
                                ? group
                                : Optional.ofNullable(told.get(key(group.file(), group.name())))
                                        .map(json -> merged(group, json))
                                        .orElse(group))
                .toList();
    }

    private static String key(String file, String name) {
        return file + ";" + name;
    }

    private Map<String, JsonObject> ask(List<URI> others) {
        Map<String, JsonObject> told = new HashMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonArray>> running = new ArrayList<>();
            for (URI node : others) {
                running.add(threads.submit(() -> groups(node.resolve(PATH))));
            }
            for (Future<JsonArray> answer : running) {
                for (Object group : answered(answer)) {
                    JsonObject json = (JsonObject) group;
                    told.put(key(json.getString("file"), json.getString("name")), json);
                }
            }
        }
        return told;
    }

    private JsonArray groups(URI url) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("query node must answer: status=" + response.statusCode());
        }
        return new JsonObject(response.body()).getJsonObject("data").getJsonArray("groups");
    }

    /// What one says; nothing if it does not, and its groups are shown as not evaluated.
    private static JsonArray answered(Future<JsonArray> answer) {
        try {
            return answer.get();
        } catch (ExecutionException _) {
            return new JsonArray();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new JsonArray();
        }
    }

    private static GroupView merged(GroupView group, JsonObject json) {
        JsonArray rules = json.getJsonArray("rules");
        if (rules.size() != group.rules().size()) {
            // files differ: that node reads them again soon
            return group;
        }
        List<GroupRun.Status> merged = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            merged.add(merged(group.rules().get(i), rules.getJsonObject(i)));
        }
        return new GroupView(
                group.file(),
                group.name(),
                group.intervalMs(),
                group.limit(),
                false,
                timeMs(json, "lastEvaluation"),
                nanos(json),
                merged);
    }

    private static GroupRun.Status merged(GroupRun.Status rule, JsonObject json) {
        List<Alert> alerts = new ArrayList<>();
        JsonArray told = json.getJsonArray("alerts");
        for (int i = 0; told != null && i < told.size(); i++) {
            alerts.add(alert(told.getJsonObject(i)));
        }
        return new GroupRun.Status(
                rule.rule(),
                alerts,
                Optional.ofNullable(json.getString("lastError")),
                !json.getString("health").equals("unknown"),
                timeMs(json, "lastEvaluation"),
                nanos(json),
                0,
                json.getDouble("completeness", 1.0));
    }

    private static Alert alert(JsonObject json) {
        SortedMap<String, String> labels = words(json.getJsonObject("labels"));
        return new Alert(
                Labels.of(labels),
                words(json.getJsonObject("annotations")),
                AlertState.valueOf(json.getString("state").toUpperCase(Locale.ROOT)),
                timeMs(json, "activeAt"),
                0,
                timeMs(json, "keepFiringSince"),
                0,
                value(json.getString("value")),
                json.getDouble("completeness", 1.0));
    }

    private static double value(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static SortedMap<String, String> words(JsonObject json) {
        SortedMap<String, String> words = new TreeMap<>();
        json.forEach(field -> words.put(field.getKey(), String.valueOf(field.getValue())));
        return words;
    }

    private static long nanos(JsonObject json) {
        return Math.round(json.getDouble("evaluationTime", 0.0) * NANOS);
    }

    private static long timeMs(JsonObject json, String name) {
        String text = json.getString(name, "");
        return text.isEmpty() ? 0 : Math.max(0, Instant.parse(text).toEpochMilli());
    }
}
