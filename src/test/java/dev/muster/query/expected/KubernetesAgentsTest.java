package dev.muster.query.expected;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Asks a fake API server of Kubernetes.
class KubernetesAgentsTest {
    @TempDir private Path directory;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<JsonObject> pages = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Files.writeString(directory.resolve("token"), "psst\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(
                exchange.getRequestHeaders().getFirst("Authorization")
                        + " "
                        + exchange.getRequestURI());
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int page = query.contains("continue=p") ? query.charAt(query.length() - 1) - '0' : 0;
        byte[] body = pages.get(page).encode().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private KubernetesAgents agents() {
        return new KubernetesAgents(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                directory.resolve("token"),
                "muster",
                "app.kubernetes.io/name=muster-agent",
                http);
    }

    private static JsonObject page(String next, JsonObject... pods) {
        return new JsonObject()
                .put("kind", "PodList")
                .put("metadata", new JsonObject().put("continue", next))
                .put("items", new JsonArray(List.of(pods)));
    }

    private static JsonObject running(String node) {
        return new JsonObject().put("spec", new JsonObject().put("nodeName", node));
    }

    /// As the controller makes it, before a scheduler has seen it.
    private static JsonObject waiting(String node) {
        return new JsonObject(
                """
                {"spec": {"affinity": {"nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                        {"matchFields": [
                            {"key": "metadata.name", "operator": "In", "values": ["%s"]}]}]}}}}}
                """
                        .formatted(node));
    }

    @Test
    void findsNodesOfPodsThatRunAndThatWait() throws IOException {
        pages.add(page("p1", running("n1"), waiting("n2")));
        pages.add(page("", running("n3"), new JsonObject()));
        assertThat(agents().nodes()).containsExactly("n1", "n2", "n3");
        assertThat(asked)
                .containsExactly(
                        "Bearer psst /api/v1/namespaces/muster/pods?labelSelector="
                                + "app.kubernetes.io%2Fname%3Dmuster-agent&limit=500",
                        "Bearer psst /api/v1/namespaces/muster/pods?labelSelector="
                                + "app.kubernetes.io%2Fname%3Dmuster-agent&limit=500&continue=p1");
    }

    @Test
    void concludesNothingFromAListThatIsNotWhole() {
        pages.add(page(""));
        assertThatThrownBy(() -> agents().nodes())
                .hasMessage(
                        "kubernetes: pods of agents must be at least one:"
                                + " selector=app.kubernetes.io/name=muster-agent");
        status = 403;
        assertThatThrownBy(() -> agents().nodes())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("status=403");
    }
}
