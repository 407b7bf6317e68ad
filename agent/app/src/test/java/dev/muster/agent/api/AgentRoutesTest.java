package dev.muster.agent.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.stream.CellPool;
import dev.muster.federation.stream.CellReplica;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.view.ObserverView;
import dev.muster.model.frame.ExemplarCodec;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // Quarkus sets what the whole JVM sees
@QuarkusTest
@QuarkusTestResource(TestAgent.class)
class AgentRoutesTest {
    private static Path scrapeFile() {
        return Path.of(ConfigProvider.getConfig().getValue(TestAgent.SCRAPE_FILE, String.class));
    }

    @BeforeEach
    void waitUntilSamplesAreThere() {
        await().until(() -> given().get("/-/ready").statusCode() == 200);
        await().until(() ->
                given().get("/api/v1/agent/status").jsonPath().getInt("samplesAppended") > 20);
    }

    @Test
    void isHealthyAndReady() {
        given().get("/-/healthy")
                .then()
                .statusCode(200)
                .body(equalTo("Muster agent is healthy.\n"));
        given().get("/-/ready").then().statusCode(200).body(equalTo("Muster agent is ready.\n"));
    }

    @Test
    void speaksHttp2() throws Exception {
        URI url = URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/-/healthy");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(url).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("Muster agent is healthy.\n");
        }
        given().get("/metrics")
                .then()
                .body(
                        containsString(
                                "muster_api_requests_by_protocol_total{protocol=\"HTTP/1.1\"}"));
    }

    @Test
    void tellsItsStatus() {
        given().get("/api/v1/agent/status")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("host", equalTo("test-host"))
                .body("cell", equalTo("test-cell"))
                .body("pid", equalTo((int) ProcessHandle.current().pid()))
                .body("targets", greaterThan(1))
                .body("series", greaterThan(5))
                .body("blocksShipped", equalTo(0))
                .body("uploadError", equalTo(""))
                .body(
                        "keySet()",
                        hasItems(
                                "incarnation",
                                "startedMs",
                                "samplesPerSecond",
                                "targetsUp",
                                "blocksPending",
                                "walBytes",
                                "membersUp",
                                "members"));
    }

    @Test
    void listsTargetsAsPrometheusDoes() {
        given().get("/api/v1/targets?state=active&scrapePool=web")
                .then()
                .statusCode(200)
                .body("status", equalTo("success"))
                .body("data.activeTargets.size()", equalTo(2))
                .body("data.activeTargets.labels.job", hasItems("web"))
                .body("data.activeTargets.health", hasItems("up", "down"))
                .body("data.activeTargets.lastError", hasItems("", "connection refused"))
                .body("data.activeTargets.scrapeInterval", hasItems("250ms"))
                .body(
                        "data.activeTargets[0].discoveredLabels.__metrics_path__",
                        equalTo("/metrics"))
                .body("data.droppedTargets.size()", equalTo(0));
    }

    @Test
    void exposesItsOwnMetrics() throws Exception {
        byte[] body =
                given().get("/metrics")
                        .then()
                        .statusCode(200)
                        .header("Content-Type", containsString("version=0.0.4"))
                        .extract()
                        .asByteArray();
        Set<String> names = new HashSet<>();
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, body, body.length);
        Set<String> keys = new HashSet<>();
        while (parser.next()) {
            assertThat(keys.add(parser.labels().toString()))
                    .as("%s twice", parser.labels())
                    .isTrue();
            names.add(parser.labels().metric());
        }
        assertThat(names)
                .contains(
                        "muster_scrapes_total",
                        "muster_scrape_targets",
                        "muster_head_series",
                        "muster_cell_members",
                        "muster_upload_pending",
                        "muster_api_requests_total",
                        "process_cpu_seconds_total",
                        "process_resident_memory_bytes",
                        "jvm_memory_used_bytes");
    }

    @Test
    void answersWithExemplars() throws Exception {
        byte[] request =
                ExemplarCodec.encode(
                        new ExemplarRequest(
                                new TimeRange(0, Long.MAX_VALUE),
                                List.of(List.of(LabelMatcher.equal("job", "web")))));
        byte[] answer =
                given().contentType(ExemplarsRoute.CONTENT_TYPE)
                        .body(request)
                        .post("/api/v1/agent/exemplars")
                        .then()
                        .statusCode(200)
                        .contentType(ExemplarsRoute.CONTENT_TYPE)
                        .extract()
                        .asByteArray();

        assertThat(ExemplarCodec.decodeAnswer(answer, ReadBudget.UNLIMITED).cut()).isFalse();
        given().body(new byte[] {1, 2, 3}).post("/api/v1/agent/exemplars").then().statusCode(400);
    }

    @Test
    void exposesTheHost() {
        given().get("/metrics/host").then().statusCode(200).body(containsString("node_"));
    }

    private static SeriesSet select(SelectRequest request) throws IOException {
        byte[] answer =
                given().contentType(SelectRoute.CONTENT_TYPE)
                        .body(SelectRequestCodec.encode(request))
                        .post("/api/v1/agent/select")
                        .then()
                        .statusCode(200)
                        .contentType(SelectRoute.CONTENT_TYPE)
                        .extract()
                        .asByteArray();
        return FrameSeriesSet.read(new ByteArrayInputStream(answer), request);
    }

    @Test
    void answersWithRecentSamples() throws IOException {
        SelectRequest request =
                SelectRequest.of(
                        new TimeRange(0, Long.MAX_VALUE / 2),
                        List.of(LabelMatcher.equal("__name__", "requests")));
        try (SeriesSet set = select(request)) {
            assertThat(set.size()).isEqualTo(1);
            assertThat(set.labels(0).get("host")).isEqualTo("test-host");
            assertThat(set.labels(0).get("cell")).isEqualTo("test-cell");
            assertThat(set.labels(0).get("code")).isEqualTo("200");
            SampleColumns samples = new SampleColumns();
            set.reader().read(0, samples);
            assertThat(samples.size()).isPositive();
            assertThat(samples.values()[0]).isEqualTo(42);
            assertThat(samples.timestampsMs()[0] % 250).isZero();
        }
        try (SeriesSet set = select(request.withoutSamples())) {
            assertThat(set.size()).isEqualTo(1);
        }
    }

    @Test
    void refusesSelectsThatAreWrongOrTooLarge() {
        given().body(new byte[] {1, 2, 3}).post("/api/v1/agent/select").then().statusCode(400);
        given().body(new byte[SelectRequestCodec.SIZE_LIMIT_BYTES + 1])
                .post("/api/v1/agent/select")
                .then()
                .statusCode(413)
                .body(containsString("must have at most bytes=1048576"));
        given().get("/api/v1/agent/select").then().statusCode(405);
        given().get("/nothing").then().statusCode(404);
    }

    @Test
    void streamsTheCell() throws IOException {
        CellReplica replica = new CellReplica(new CellPool(), Optional.empty());
        try (DataInputStream in =
                new DataInputStream(
                        URI.create("http://localhost:" + RestAssured.port + "/api/v1/cell/stream")
                                .toURL()
                                .openStream())) {
            await().until(() -> servicesOf(next(in, replica)).size() >= 5);
            ObserverView view = next(in, replica);
            assertThat(view.head().cell()).isEqualTo("test-cell");
            assertThat(view.head().observer()).isEqualTo("test-host");
            assertThat(replica.matches()).isTrue();
            assertThat(servicesOf(view))
                    .anyMatch(service -> service.reason().equals("connection refused"))
                    .anyMatch(service -> service.job().equals("node") && service.up());
        }
        await().untilAsserted(() ->
                given().get("/metrics").then().body(containsString("muster_api_cell_streams 0")));
        byte[] known =
                new StreamCodec()
                        .encode(new StreamFrame.Subscribe(replica.vector(), List.of(), false));
        byte[] differs =
                given().body(known).post("/api/v1/cell/delta").then().extract().asByteArray();
        assertThat(differs.length).isLessThan(300);
        given().body(new byte[] {1, 2}).post("/api/v1/cell/stream").then().statusCode(400);
    }

    private static ObserverView next(DataInputStream in, CellReplica replica) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        switch (new StreamCodec().decode(bytes, replica::names)) {
            case StreamFrame.Delta delta -> replica.apply(delta);
            case StreamFrame.KeepAlive alive -> replica.apply(alive);
            case StreamFrame other -> throw new AssertionError(other.toString());
        }
        return replica.view().orElseThrow();
    }

    private static List<ServiceState> servicesOf(ObserverView view) {
        return view.members().stream()
                .filter(member -> member.host().equals("test-host"))
                .findFirst()
                .map(Member::services)
                .orElse(List.of());
    }

    @Test
    void reloadsAndSaysWhatIsWrong() throws IOException {
        String right = Files.readString(scrapeFile());
        given().post("/-/reload").then().statusCode(200).body(containsString("reloaded targets="));
        given().get("/-/reload").then().statusCode(405);
        try {
            Files.writeString(scrapeFile(), right + "wrong: true\n");
            given().post("/-/reload")
                    .then()
                    .statusCode(500)
                    .body(containsString("unknown key: found=wrong"));
        } finally {
            Files.writeString(scrapeFile(), right);
        }
        given().post("/-/reload").then().statusCode(200);
    }
}
