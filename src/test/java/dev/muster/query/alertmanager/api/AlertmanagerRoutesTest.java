package dev.muster.query.alertmanager.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.AlertWitness;
import dev.muster.query.alertmanager.HubLimits;
import dev.muster.query.alertmanager.HubParts;
import dev.muster.query.alertmanager.StateOutlet;
import dev.muster.query.alertmanager.config.AlertmanagerFile;
import dev.muster.query.alertmanager.config.NamedReceivers;
import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.DispatchMetrics;
import dev.muster.query.alertmanager.dispatch.WallTimeline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerRoutesTest {
    private static final String FILE =
            """
            route: {receiver: all, group_by: [alertname], group_wait: 1ms,
                    routes: [{matchers: [team=db], receiver: db}]}
            inhibit_rules: [{source_matchers: [severity=critical],
                             target_matchers: [severity=warning], equal: [alertname]}]
            receivers: [{name: all}, {name: db}]
            """;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WallTimeline timeline = new WallTimeline(Clock.systemUTC());
    private final List<AlertRow> rows = new ArrayList<>();
    private String base = "";

    @BeforeEach
    void serve() throws Exception {
        AlertHub hub =
                new AlertHub(
                        new HubParts(
                                timeline,
                                Claims.ALL,
                                StateOutlet.NONE,
                                new DispatchMetrics(new SimpleMeterRegistry()),
                                Deliveries.NONE,
                                AlertWitness.NONE,
                                "n1",
                                1,
                                HubLimits.DEFAULT,
                                URI.create("http://muster"),
                                () -> UUID.randomUUID().toString(),
                                new Random(1)),
                        AlertmanagerFile.parse("am.yml", FILE, Path.of("/"), new NamedReceivers()),
                        List.of());
        hub.start();
        Router router = Router.router(vertx);
        new AlertmanagerRoutes(
                        hub,
                        new ApiMetrics(new SimpleMeterRegistry(), hub),
                        java.util.Optional.of((range, limit) -> rows),
                        "node1",
                        () -> new TreeMap<>(java.util.Map.of("node1", "127.0.0.1:1")),
                        "1.2.3",
                        Instant.now(),
                        List::of,
                        true)
                .register(router);
        int port =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .actualPort();
        base = "http://127.0.0.1:" + port + "/alertmanager";
    }

    @AfterEach
    void end() {
        var _ = vertx.close();
        timeline.close();
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String names(String query) throws Exception {
        List<String> names = new ArrayList<>();
        for (Object each : new JsonArray(call("GET", "/api/v2/alerts" + query, "").body())) {
            names.add(((JsonObject) each).getJsonObject("labels").getString("n"));
        }
        names.sort(null);
        return String.join(" ", names);
    }

    private void post() throws Exception {
        String alerts =
                """
                [{"labels": {"alertname": "A", "n": "1", "severity": "critical"}},
                 {"labels": {"alertname": "A", "n": "2", "severity": "warning", "team": "db"},
                  "annotations": {"summary": "s"}, "generatorURL": "http://g/x",
                  "startsAt": "2026-01-01T01:00:00.5+01:00"},
                 {"labels": {"alertname": "B", "n": "3", "empty": ""}}]
                """;
        assertThat(call("POST", "/api/v2/alerts", alerts).statusCode()).isEqualTo(200);
    }

    @Test
    void showsAlertsFieldForField() throws Exception {
        post();
        JsonArray found =
                new JsonArray(call("GET", "/api/v2/alerts?filter=n%3D%222%22", "").body());
        assertThat(found).hasSize(1);
        JsonObject alert = found.getJsonObject(0);
        assertThat(alert.fieldNames())
                .containsExactlyInAnyOrder(
                        "annotations",
                        "endsAt",
                        "fingerprint",
                        "receivers",
                        "startsAt",
                        "status",
                        "updatedAt",
                        "generatorURL",
                        "labels");
        assertThat(alert.getString("startsAt")).isEqualTo("2026-01-01T00:00:00.500Z");
        assertThat(alert.getJsonArray("receivers").encode()).isEqualTo("[{\"name\":\"db\"}]");
        assertThat(alert.getJsonObject("status").getString("state")).isEqualTo("suppressed");
        assertThat(alert.getJsonObject("status").getJsonArray("inhibitedBy")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1 2 3",
        "?inhibited=false, 1 3",
        "?active=false, 2",
        "?receiver=d.*, 2",
        "?receiver=d, ''",
        "?filter=alertname%3DA&filter=n%21%3D1, 2",
        "?filter=empty%3D%22%22&filter=n%3D~%5B13%5D, 1 3",
    })
    void filters(String query, String expected) throws Exception {
        post();
        assertThat(names(query)).isEqualTo(expected);
    }

    @Test
    void saysWhoWouldBeCalled() throws Exception {
        post();
        String silence =
                """
                {"matchers": [{"name": "n", "value": "9", "isRegex": false}], "createdBy": "me", "comment": "c",
                 "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z"}
                """;
        assertThat(call("POST", "/api/v2/silences", silence).statusCode()).isEqualTo(200);
        JsonObject answer =
                new JsonObject(
                        call(
                                        "POST",
                                        "/route",
                                        "{\"labels\": {\"alertname\": \"A\", \"team\": \"db\","
                                                + " \"severity\": \"warning\", \"n\": \"9\"}}")
                                .body());
        JsonObject route = answer.getJsonArray("routes").getJsonObject(0);
        assertThat(answer.getJsonArray("routes")).hasSize(1);
        assertThat(route.getString("receiver")).isEqualTo("db");
        assertThat(route.getJsonArray("groupBy")).containsExactly("alertname");
        assertThat(route.getJsonObject("groupLabels").encode()).isEqualTo("{\"alertname\":\"A\"}");
        assertThat(route.getDouble("repeatInterval")).isEqualTo(4 * 3600.0);
        assertThat(answer.getJsonArray("silencedBy")).hasSize(1);
        assertThat(answer.getBoolean("inhibited")).isTrue();
        assertThat(call("POST", "/route", "{\"labels\": {\"a\": 1}}").statusCode()).isEqualTo(422);
    }

    @Test
    void tellsWhatBecameOfAlerts() throws Exception {
        rows.add(
                new AlertRow.Transition(
                        1_795_348_800_000L,
                        AlertRow.State.FIRING,
                        0xabcL,
                        new TreeMap<>(java.util.Map.of("alertname", "A")),
                        new TreeMap<>(),
                        1_795_348_700_000L,
                        3.5,
                        Double.NaN,
                        "HOST_DOWN",
                        ""));
        JsonObject answer = new JsonObject(call("GET", "/history?limit=5", "").body());
        assertThat(answer.getBoolean("kept")).isTrue();
        assertThat(answer.getBoolean("cut")).isFalse();
        assertThat(answer.getJsonArray("rows").getJsonObject(0).encode())
                .isEqualTo(
                        "{\"ts\":\"2026-11-22T12:00:00.000Z\",\"kind\":\"alert\",\"event\":\"firing\","
                            + "\"fingerprint\":\"0000000000000abc\",\"labels\":{\"alertname\":\"A\"},"
                            + "\"annotations\":{},\"startsAt\":\"2026-11-22T11:58:20.000Z\","
                            + "\"reason\":\"HOST_DOWN\",\"source\":\"\",\"value\":3.5}");
        for (String wrong :
                List.of(
                        "limit=0",
                        "limit=x",
                        "start=x",
                        "start=2026-01-01T00:00:00Z&end=2025-01-01T00:00:00Z")) {
            int status = call("GET", "/history?" + wrong, "").statusCode();
            assertThat(status).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void showsGroups() throws Exception {
        post();
        JsonArray groups = new JsonArray(call("GET", "/api/v2/alerts/groups", "").body());
        List<String> shown = new ArrayList<>();
        for (Object each : groups) {
            JsonObject group = (JsonObject) each;
            shown.add(
                    group.getJsonObject("labels").encode()
                            + group.getJsonObject("receiver").getString("name")
                            + group.getJsonArray("alerts").size());
        }
        assertThat(shown)
                .containsExactly(
                        "{\"alertname\":\"A\"}all1",
                        "{\"alertname\":\"A\"}db1",
                        "{\"alertname\":\"B\"}all1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "[{}];422;0.labels in body is required",
                "[{\"labels\": {}}];400;at least one label pair required",
                "{};400;parsing alerts body",
                "[{\"labels\": {\"a\": 1}}];422;labels.a in body must be of type string",
                "[{\"labels\": {\"a\": \"b\"}, \"endsAt\": \"soon\"}];400;must be a date and time",
                "[{\"labels\": {\"a\": \"b\"}, \"startsAt\": \"2026-01-02T00:00:00Z\","
                        + " \"endsAt\": \"2026-01-01T00:00:00Z\"}];400;start time must be before",
            })
    void refusesAlerts(String body, int status, String message) throws Exception {
        HttpResponse<String> response = call("POST", "/api/v2/alerts", body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(message);
    }

    @Test
    void silencesComeChangeAndGo() throws Exception {
        post();
        Instant now = Instant.now();
        JsonObject silence =
                new JsonObject()
                        .put(
                                "matchers",
                                new JsonArray()
                                        .add(
                                                new JsonObject()
                                                        .put("name", "n")
                                                        .put("value", "3")
                                                        .put("isRegex", false)))
                        .put("startsAt", now.toString())
                        .put("endsAt", now.plus(Duration.ofHours(1)).toString())
                        .put("createdBy", "me")
                        .put("comment", "why");
        String id = id(silence);
        assertThat(names("?silenced=false")).isEqualTo("1 2");
        JsonObject shown = new JsonObject(call("GET", "/api/v2/silence/" + id, "").body());
        assertThat(shown.getJsonObject("status").getString("state")).isEqualTo("active");
        assertThat(shown.getJsonArray("matchers").getJsonObject(0).getBoolean("isEqual")).isTrue();
        silence.put("id", id).put("endsAt", now.plus(Duration.ofHours(2)).toString());
        silence.put("startsAt", shown.getString("startsAt"));
        assertThat(id(silence)).isEqualTo(id);
        silence.put("startsAt", now.plus(Duration.ofHours(1)).toString());
        String other = id(silence);
        assertThat(other).isNotEqualTo(id);
        assertThat(call("DELETE", "/api/v2/silence/" + other, "").statusCode()).isEqualTo(200);
        assertThat(call("DELETE", "/api/v2/silence/" + id, "").statusCode()).isEqualTo(200);
        assertThat(call("DELETE", "/api/v2/silence/none", "").statusCode()).isEqualTo(422);
        assertThat(call("DELETE", "/api/v2/silence/" + UUID.randomUUID(), "").statusCode())
                .isEqualTo(404);
        assertThat(call("POST", "/api/v2/silences", silence.put("id", "x").encode()).statusCode())
                .isEqualTo(404);
        silence.remove("comment");
        assertThat(call("POST", "/api/v2/silences", silence.encode()).statusCode()).isEqualTo(422);
        assertThat(new JsonArray(call("GET", "/api/v2/silences?filter=n%3D3", "").body()))
                .hasSize(2);
    }

    private String id(JsonObject silence) throws Exception {
        HttpResponse<String> response = call("POST", "/api/v2/silences", silence.encode());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body()).getString("silenceID");
    }

    @Test
    void takesNothingOfAnotherType() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/api/v2/alerts"))
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("[]"))
                        .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(415);
    }

    private String amtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/amtool"));
        command.addAll(List.of(arguments));
        command.add("--alertmanager.url=" + base);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + " " + out).isZero();
        return out.strip();
    }

    @Test
    void amtoolWorks() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/amtool")), "amtool is not installed");
        amtool("alert", "add", "alertname=C", "n=4", "--annotation=summary=x");
        assertThat(amtool("alert", "query", "n=4")).contains("C").contains("active");
        String id = amtool("silence", "add", "n=4", "--comment=c", "--author=me");
        assertThat(amtool("silence", "query", "-q")).isEqualTo(id);
        assertThat(amtool("alert", "query", "-s")).contains("suppressed");
        assertThat(amtool("silence", "update", id, "--duration=2h")).contains(id);
        amtool("silence", "expire", id);
        assertThat(amtool("silence", "query", "-q")).isEmpty();
        assertThat(amtool("config", "show")).contains("team=db");
        assertThat(amtool("config", "routes", "test", "team=db")).isEqualTo("db");
        assertThat(amtool("config", "routes", "show")).contains("receiver: db");
        assertThat(amtool("cluster", "show")).contains("ready").contains("node1");
    }
}
