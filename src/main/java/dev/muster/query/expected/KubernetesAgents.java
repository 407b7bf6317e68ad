package dev.muster.query.expected;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The nodes that are to have an agent, as a cluster of Kubernetes says: those that the controller
/// of the agents' DaemonSet has made a pod for, whether it runs or not. A node that is taken out of
/// the cluster has none any more.
final class KubernetesAgents {
    /*
     * The controller alone knows which nodes its tolerations and selectors fit. It pins each pod to its node by an
     * affinity for the field metadata.name, so that a pod that was not started yet names its node too.
     */
    private static final int PAGE = 500;
    private static final int PAGES_LIMIT = 100;
    private static final int PAGE_LIMIT_BYTES = 32 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI api;
    private final Path token;
    private final String namespace;
    private final String selector;
    private final HttpClient http;

    /// @param api of the cluster
    /// @param token file with the token to show; read each time, as it is renewed
    /// @param namespace of the pods
    /// @param selector of their labels
    KubernetesAgents(URI api, Path token, String namespace, String selector, HttpClient http) {
        this.api = api;
        this.token = token;
        this.namespace = namespace;
        this.selector = selector;
        this.http = http;
    }

    /// Names of the nodes; at least one.
    ///
    /// @throws IOException if the list does not come whole, or is empty: then nothing follows
    Set<String> nodes() throws IOException {
        Set<String> nodes = new TreeSet<>();
        String next = "";
        for (int page = 0; page < PAGES_LIMIT; page++) {
            JsonObject list = page(next);
            for (JsonObject pod : objects(list, "items")) {
                nodes.addAll(nodesOf(pod));
            }
            next = object(list, "metadata").getString("continue", "");
            if (next.isEmpty()) {
                if (nodes.isEmpty()) {
                    throw new IOException(
                            "kubernetes: pods of agents must be at least one: selector="
                                    + selector);
                }
                return nodes;
            }
        }
        throw new IOException("kubernetes: pods must come in at most pages=" + PAGES_LIMIT);
    }

    private JsonObject page(String next) throws IOException {
        String query =
                "?labelSelector="
                        + encoded(selector)
                        + "&limit="
                        + PAGE
                        + (next.isEmpty() ? "" : "&continue=" + encoded(next));
        URI url = api.resolve("/api/v1/namespaces/" + encoded(namespace) + "/pods" + query);
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .timeout(TIMEOUT)
                        .header("Accept", "application/json")
                        .header("Authorization", "Bearer " + Files.readString(token).strip())
                        .build();
        try {
            HttpResponse<InputStream> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(PAGE_LIMIT_BYTES + 1);
                if (answer.statusCode() != 200 || bytes.length > PAGE_LIMIT_BYTES) {
                    throw new IOException(
                            "kubernetes: pods must come with status 200 and at most bytes="
                                    + PAGE_LIMIT_BYTES
                                    + ": status="
                                    + answer.statusCode());
                }
                return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (DecodeException e) {
            throw new IOException("kubernetes: pods must be JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("kubernetes: interrupted", e);
        }
    }

    private static List<String> nodesOf(JsonObject pod) {
        JsonObject spec = object(pod, "spec");
        String node = spec.getString("nodeName", "");
        if (!node.isEmpty()) {
            return List.of(node);
        }
        List<String> nodes = new ArrayList<>();
        JsonObject affinity = object(object(spec, "affinity"), "nodeAffinity");
        JsonObject required = object(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
        for (JsonObject term : objects(required, "nodeSelectorTerms")) {
            for (JsonObject field : objects(term, "matchFields")) {
                JsonArray values = field.getJsonArray("values", new JsonArray());
                if ("metadata.name".equals(field.getString("key")) && values.size() == 1) {
                    nodes.add(values.getString(0));
                }
            }
        }
        return nodes;
    }

    private static JsonObject object(JsonObject parent, String name) {
        return parent.getValue(name) instanceof JsonObject child ? child : new JsonObject();
    }

    private static List<JsonObject> objects(JsonObject parent, String name) {
        List<JsonObject> objects = new ArrayList<>();
        if (parent.getValue(name) instanceof JsonArray array) {
            for (Object item : array) {
                if (item instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
