package dev.muster.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.muster.model.labels.Labels;
import dev.muster.query.remote.WriteMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules in a whole node: evaluated as time goes on, recorded at an agent, shown, told of.
class RulesNodeTest {
    private static final String RULES =
            """
            groups:
            - name: live
              interval: 1s
              labels: {team: a}
              rules:
              - record: fresh:double
                expr: 2 * fresh
              - record: fresh:quadruple
                expr: 2 * fresh:double
                labels: {kind: derived}
              - alert: Fresh
                expr: fresh > 4
                labels: {severity: page}
                annotations: {summary: "is {{ $value }}"}
              - alert: Waits
                expr: fresh > 4
                for: 1h
              - record: wrong
                expr: fresh + on() group_left() {__name__=~"fresh|http_requests_total"}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonArray> told = new CopyOnWriteArrayList<>();
    private final List<String> hooked = new CopyOnWriteArrayList<>();

    @TempDir private Path directory;

    @Test
    void evaluatesAndShowsAndTells() throws Exception {
        Path file = Files.writeString(directory.resolve("live.yml"), RULES);
        HttpServer alertmanager = alertmanager();
        try (TestNode node =
                new TestNode(
                        Map.of(
                                "muster.rules.files",
                                directory + "/*.yml",
                                "muster.http.lifecycle-api",
                                "true",
                                "muster.rules.external-labels.fleet",
                                "f1",
                                "muster.alertmanager.config-file",
                                receivers(alertmanager).toString(),
                                "muster.alerts.alertmanagers",
                                url(alertmanager)))) {
            await().until(() -> value(node, "fresh:quadruple").equals("20"));
            JsonArray recorded = result(node, "fresh:quadruple");
            assertThat(recorded.getJsonObject(0).getJsonObject("metric"))
                    .isEqualTo(
                            new JsonObject()
                                    .put("__name__", "fresh:quadruple")
                                    .put("kind", "derived")
                                    .put("team", "a"));
            await().until(() -> value(node, "ALERTS{alertstate=\"firing\"}").equals("1"));
            await().until(() -> get(node, "rules").encode().contains("\"health\":\"err\""));
            showsRules(node, file);
            await().until(() -> !told("Fresh").isEmpty());
            JsonObject alert = told("Fresh").getFirst();
            assertThat(alert.getJsonObject("labels").encode())
                    .isEqualTo(
                            "{\"alertname\":\"Fresh\",\"fleet\":\"f1\",\"severity\":\"page\",\"team\":\"a\"}");
            assertThat(alert.getJsonObject("annotations").encode())
                    .isEqualTo("{\"summary\":\"is 5\"}");
            assertThat(alert.getString("generatorURL"))
                    .endsWith("/graph?g0.expr=fresh+%3E+4&g0.tab=1");
            // an agent of the fleet is down, and no rule says so
            await().until(() -> !told("AgentDown").isEmpty() || !told("HostDown").isEmpty());
            await().until(() -> hooked.stream().anyMatch(body -> body.contains("\"a3\"")));
            assertThat(hooked.getFirst()).contains("\"receiver\":\"hook\"", "\"version\":\"4\"");
            theOwnAlertManagerKnows(node);
            rulesAreTriedOnThePast(node);
            aWrongFileKeepsTheRulesBefore(node, file);
        } finally {
            alertmanager.stop(0);
        }
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// A configuration file of the node's own alert manager.
    private Path receivers(HttpServer server) throws IOException {
        return Files.writeString(
                directory.resolve("alertmanager.yaml"),
                "route: {receiver: hook, group_by: [alertname], group_wait: 100ms}\n"
                        + "receivers: [{name: hook, webhook_configs: [{url: '"
                        + url(server)
                        + "/hook'}]}]\n");
    }

    private List<JsonObject> told(String name) {
        return told.stream()
                .flatMap(JsonArray::stream)
                .map(JsonObject.class::cast)
                .filter(alert -> alert.getJsonObject("labels").getString("alertname").equals(name))
                .toList();
    }

    private void rulesAreTriedOnThePast(TestNode node) throws Exception {
        String rules =
                "groups: [{name: g, rules: [{alert: A, expr: 'fresh > 4'},"
                        + " {alert: B, expr: 'vector(1) > 2'}]}]";
        assertThat(send(node, "POST", "rules/backtest?days=1&format=text", rules))
                .startsWith("200 A: would have fired 1 time in 1 day")
                .endsWith("\nB: can never fire: comparison is never true: vector(1) > 2\n");
        assertThat(send(node, "PUT", "rules/files/mine?backtest=true&days=1", rules))
                .startsWith("200 ")
                .contains("\"fired\":1");
        assertThat(get(node, "rules/health").getBoolean("complete")).isTrue();
    }

    private void theOwnAlertManagerKnows(TestNode node) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(node.url("/alertmanager/api/v2/alerts?filter=team=a"))
                        .build();
        JsonArray alerts =
                new JsonArray(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        assertThat(alerts.getJsonObject(0).getJsonObject("labels").getString("fleet"))
                .isEqualTo("f1");
        assertThat(alerts.getJsonObject(0).getJsonObject("status").getString("state"))
                .isEqualTo("active");
    }

    @Test
    void rulesComeOverTheApiAndWritesGoToAgents() throws Exception {
        Map<String, String> settings =
                Map.of(
                        "muster.rules.dir",
                        directory.resolve("api").toString(),
                        "muster.http.admin-api",
                        "true");
        String rules = "groups: [{name: g, interval: 1s, rules: [{record: over:api, expr: '7'}]}]";
        try (TestNode node = new TestNode(settings)) {
            assertThat(send(node, "PUT", "rules/files/mine", rules)).isEqualTo("201 ");
            assertThat(send(node, "PUT", "rules/files/mine", rules)).isEqualTo("204 ");
            await().until(() -> value(node, "over:api").equals("7"));
            assertThat(send(node, "PUT", "rules/files/mine", "groups: [{nam: g}]"))
                    .startsWith("400 ")
                    .contains("mine.yml:1:11: unknown key: found=nam");
            assertThat(send(node, "GET", "rules/files/mine", "")).isEqualTo("200 " + rules);
            assertThat(get(node, "rules/files").encode()).contains("\"names\":[\"mine\"]");
            assertThat(send(node, "PUT", "rules/files/.a", rules)).startsWith("400 ");
            assertThat(send(node, "PUT", "rules/files/a%2Fb", rules)).startsWith("400 ");
            assertThat(send(node, "DELETE", "rules/files/mine", "")).isEqualTo("204 ");
            assertThat(send(node, "DELETE", "rules/files/mine", "")).startsWith("404 ");
            assertThat(get(node, "rules").getJsonArray("groups")).isEmpty();
            WriteMessage message = new WriteMessage();
            long nowMs = System.currentTimeMillis();
            message.add(Labels.of("__name__", "pushed", "job", "cron"), nowMs, 3, null);
            message.add(Labels.of("__name__", "pushed", "job", "other"), nowMs, 4, null);
            HttpResponse<String> written = write(node, message.packed());
            assertThat(written.statusCode()).as(written.body()).isEqualTo(204);
            assertThat(written.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
                    .contains("2");
            assertThat(value(node, "sum(pushed)")).isEqualTo("7");
            assertThat(write(node, new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
        }
    }

    private HttpResponse<String> write(TestNode node, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(node.url("/api/v1/write"))
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "snappy")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String send(TestNode node, String method, String call, String body) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(node.url("/api/v1/" + call))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private void showsRules(TestNode node, Path file) throws Exception {
        JsonObject group = get(node, "rules").getJsonArray("groups").getJsonObject(0);
        assertThat(group.getString("file")).isEqualTo(file.toString());
        assertThat(group.getInteger("interval")).isOne();
        JsonArray rules = group.getJsonArray("rules");
        assertThat(rules.getJsonObject(0).getString("health")).isEqualTo("ok");
        JsonObject firing = rules.getJsonObject(2);
        assertThat(firing.getString("state")).isEqualTo("firing");
        assertThat(firing.getJsonArray("alerts").getJsonObject(0).getString("value"))
                .isEqualTo("5e+00");
        // one of two hosts is down
        assertThat(firing.getJsonArray("alerts").getJsonObject(0).getDouble("completeness"))
                .isEqualTo(0.5);
        assertThat(rules.getJsonObject(3).getString("state")).isEqualTo("pending");
        assertThat(rules.getJsonObject(4).getString("health")).isEqualTo("err");
        assertThat(rules.getJsonObject(4).getString("lastError")).isNotEmpty();
        assertThat(get(node, "rules?type=alert&rule_name[]=Waits&exclude_alerts=true").encode())
                .contains("\"alerts\":null")
                .doesNotContain("Fresh");
        assertThat(get(node, "rules?match[]=%7Bseverity=%22page%22%7D").encode())
                .contains("Fresh")
                .doesNotContain("Waits");
        assertThat(get(node, "alerts").getJsonArray("alerts")).hasSize(2);
    }

    private void aWrongFileKeepsTheRulesBefore(TestNode node, Path file) throws Exception {
        Files.writeString(file, RULES.replace("expr: 2 * fresh\n", "exprr: 2 * fresh\n"));
        HttpResponse<String> answer = reload(node);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("live.yml:7:5: unknown key: found=exprr");
        assertThat(get(node, "rules").getJsonArray("groups")).hasSize(1);
        Files.writeString(
                file, "groups: [{name: live, interval: 1s, rules: [{record: a, expr: '1'}]}]");
        assertThat(reload(node).statusCode()).isEqualTo(200);
        await().until(() -> value(node, "a").equals("1"));
        await().until(() -> result(node, "fresh:double").isEmpty());
    }

    private HttpServer alertmanager() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/api/v2/alerts",
                exchange -> {
                    told.add(
                            new JsonArray(
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.createContext(
                "/hook",
                exchange -> {
                    hooked.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private HttpResponse<String> reload(TestNode node) throws Exception {
        return http.send(
                HttpRequest.newBuilder(node.url("/-/reload"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String value(TestNode node, String query) throws Exception {
        JsonArray result = result(node, query);
        return result.isEmpty() ? "" : result.getJsonObject(0).getJsonArray("value").getString(1);
    }

    private JsonArray result(TestNode node, String query) throws Exception {
        String text = URLEncoder.encode(query, StandardCharsets.UTF_8);
        return get(node, "query?query=" + text).getJsonArray("result");
    }

    private JsonObject get(TestNode node, String call) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(node.url("/api/v1/" + call)).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body()).getJsonObject("data");
    }
}
