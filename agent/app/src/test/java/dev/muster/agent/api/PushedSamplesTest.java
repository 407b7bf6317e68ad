package dev.muster.agent.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.door.Snappy;
import dev.muster.agent.intake.Proto;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // Quarkus sets what the whole JVM sees
@QuarkusTest
@QuarkusTestResource(TestAgent.class)
class PushedSamplesTest {
    @BeforeEach
    void waitUntilItIsReady() {
        await().until(() -> given().get("/-/ready").statusCode() == 200);
    }

    private static List<String> series(String metric) throws IOException {
        SelectRequest request =
                SelectRequest.of(
                        new TimeRange(0, Long.MAX_VALUE / 2),
                        List.of(LabelMatcher.equal("__name__", metric)));
        byte[] answer =
                given().contentType(SelectRoute.CONTENT_TYPE)
                        .body(SelectRequestCodec.encode(request))
                        .post("/api/v1/agent/select")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray();
        try (SeriesSet set = FrameSeriesSet.read(new ByteArrayInputStream(answer), request)) {
            return IntStream.range(0, set.size()).mapToObj(i -> set.labels(i).toString()).toList();
        }
    }

    @Test
    void remoteWriteIsStored() throws IOException {
        byte[] body =
                Snappy.compress(
                        Proto.of(p ->
                                p.message(
                                        1,
                                        s ->
                                                s.message(
                                                                1,
                                                                l ->
                                                                        l.text(1, "__name__")
                                                                                .text(2, "written"))
                                                        .message(
                                                                2,
                                                                v ->
                                                                        v.real(1, 4)
                                                                                .number(
                                                                                        2,
                                                                                        System
                                                                                                .currentTimeMillis())))));
        given().contentType("application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .body(body)
                .post("/api/v1/write")
                .then()
                .statusCode(204)
                .header("X-Prometheus-Remote-Write-Samples-Written", "1");
        assertThat(series("written"))
                .containsExactly("written{cell=\"test-cell\", host=\"test-host\"}");
    }

    @Test
    void openTelemetryAndLineProtocolAreStored() throws IOException {
        String point =
                "{\"timeUnixNano\":\"" + System.currentTimeMillis() + "000000\",\"asInt\":\"3\"}";
        given().contentType("application/json")
                .body(
                        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"told\","
                                + "\"gauge\":{\"dataPoints\":["
                                + point
                                + "]}}]}]}]}")
                .post("/api/v1/otlp/v1/metrics")
                .then()
                .statusCode(200);
        assertThat(series("told")).hasSize(1);
        given().body("lined v=1").post("/write?db=d").then().statusCode(204);
        assertThat(series("lined_v"))
                .containsExactly("lined_v{cell=\"test-cell\", db=\"d\", host=\"test-host\"}");
        assertThat(given().get("/metrics").asString())
                .contains("muster_push_requests_total{protocol=\"influx\"} 1")
                .contains("muster_intake_origins ");
    }
}
