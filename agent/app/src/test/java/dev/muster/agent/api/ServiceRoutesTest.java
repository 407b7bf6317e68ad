package dev.muster.agent.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.sun.net.httpserver.HttpServer;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // Quarkus sets what the whole JVM sees
@QuarkusTest
@QuarkusTestResource(TestAgent.class)
class ServiceRoutesTest {
    private final List<HttpServer> servers = new ArrayList<>();

    @BeforeEach
    void waitUntilItIsReady() {
        await().until(() -> given().get("/-/ready").statusCode() == 200);
    }

    @AfterEach
    void clean() {
        List<String> ids = given().get("/v1/services").jsonPath().getList("services.id");
        ids.forEach(id -> given().delete("/v1/services/" + id).then().statusCode(200));
        servers.forEach(server -> server.stop(0));
    }

    private int serve() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/m",
                exchange -> {
                    byte[] body = "orders 7\n".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private static List<Labels> series(String metric) throws IOException {
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
        List<Labels> found = new ArrayList<>();
        try (SeriesSet set = FrameSeriesSet.read(new ByteArrayInputStream(answer), request)) {
            for (int i = 0; i < set.size(); i++) {
                found.add(set.labels(i));
            }
        }
        return found;
    }

    @Test
    void aServiceBecomesATarget() throws IOException {
        int port = serve();
        String body =
                "{\"name\": \"orders\", \"port\": "
                        + port
                        + ", \"metricsPath\": \"/m\", \"meta\": {\"owner\": \"ann\", \"run-book\":"
                        + " \"https://x/y\"}}";
        given().body(body)
                .put("/v1/services/orders-1")
                .then()
                .statusCode(201)
                .body("id", equalTo("orders-1"))
                .body("health", equalTo("passing"));
        given().body(body).put("/v1/services/orders-1").then().statusCode(200);
        given().get("/v1/services/orders-1")
                .then()
                .statusCode(200)
                .body("meta.owner", equalTo("ann"));
        await().untilAsserted(() ->
                given().get("/api/v1/targets?scrapePool=services")
                        .then()
                        .body("data.activeTargets.lastError", hasItem(""))
                        .body("data.activeTargets.health", hasItem("up"))
                        .body("data.activeTargets.labels.job", hasItem("orders")));
        Labels info =
                Labels.of(
                        "__name__", "target_info",
                        "cell", "test-cell",
                        "host", "test-host",
                        "instance", "127.0.0.1:" + port,
                        "job", "orders",
                        "owner", "ann",
                        "run_book", "https://x/y");
        await().untilAsserted(() -> assertThat(series("target_info")).contains(info));
        given().delete("/v1/services/orders-1").then().statusCode(200);
        given().get("/v1/services/orders-1").then().statusCode(404);
        await().untilAsserted(() ->
                given().get("/api/v1/targets?scrapePool=services")
                        .then()
                        .body("data.activeTargets.size()", equalTo(0)));
    }

    @Test
    void heartbeatsTellOfHealth() throws IOException {
        given().body("{\"name\": \"cron\", \"port\": 1, \"ttl\": \"1s\"}")
                .put("/v1/services/cron-1")
                .then()
                .statusCode(201);
        given().put("/v1/services/cron-1/heartbeat").then().statusCode(200);
        given().body("{\"status\": \"warn\", \"note\": \"slow\"}")
                .put("/v1/services/cron-1/heartbeat")
                .then()
                .statusCode(200);
        given().get("/v1/services/cron-1")
                .then()
                .body("health", equalTo("warning"))
                .body("note", equalTo("slow"));
        given().put("/v1/services/cron-1/heartbeat?status=well")
                .then()
                .statusCode(400)
                .body("field", equalTo("status"));
        given().put("/v1/services/other/heartbeat").then().statusCode(404);
        await().untilAsserted(() ->
                given().get("/v1/services/cron-1")
                        .then()
                        .body("health", equalTo("critical"))
                        .body("note", equalTo("no heartbeat within 1000 ms")));
        await().untilAsserted(() ->
                assertThat(series("service_check_up"))
                        .contains(
                                Labels.of(
                                        "__name__", "service_check_up",
                                        "cell", "test-cell",
                                        "check", "ttl",
                                        "host", "test-host",
                                        "instance", "127.0.0.1:1",
                                        "job", "cron",
                                        "service_id", "cron-1")));
    }

    @Test
    void namesWhatIsWrong() {
        given().body("{\"name\": \"x\", \"port\": 99999}")
                .put("/v1/services/x")
                .then()
                .statusCode(400)
                .body("field", equalTo("port"))
                .body("error", equalTo("port must be a whole number from 1 to 65535: found=99999"));
        given().body("x".repeat(70_000))
                .put("/v1/services/x")
                .then()
                .statusCode(413)
                .body(containsString("registration must have at most bytes=65536"));
        given().body("{\"name\": \"x\", \"port\": 1}")
                .put("/v1/services/a%20b")
                .then()
                .statusCode(400);
        given().body("{}").post("/v1/services/x").then().statusCode(405);
        given().get("/metrics").then().body(containsString("muster_service_refused_total"));
    }

    @Test
    void keepsBrowsersOut() {
        String body = "{\"name\": \"x\", \"port\": 1}";
        given().header("Origin", "http://evil.example")
                .body(body)
                .put("/v1/services/x")
                .then()
                .statusCode(403);
        given().header("Host", "evil.example")
                .body(body)
                .put("/v1/services/x")
                .then()
                .statusCode(403)
                .body(containsString("Host must be localhost"));
        given().header("Host", "evil.example").get("/v1/services").then().statusCode(403);
    }

    @Test
    void takesClientsOfConsul() {
        given().body(
                        "{\"ID\": \"web1\", \"Name\": \"web\", \"Port\": 1, \"Tags\": [\"a\"],"
                                + " \"Check\": {\"TTL\": \"30s\"}}")
                .put("/v1/agent/service/register?replace-existing-checks=true")
                .then()
                .statusCode(201);
        given().get("/v1/agent/services")
                .then()
                .statusCode(200)
                .body("web1.Service", equalTo("web"))
                .body("web1.Tags", hasItem("a"));
        given().put("/v1/agent/check/fail/service:web1?note=broken").then().statusCode(200);
        given().get("/v1/services/web1").then().body("health", equalTo("critical"));
        given().body("{\"Status\": \"passing\", \"Output\": \"fine\"}")
                .put("/v1/agent/check/update/service:web1:2")
                .then()
                .statusCode(200);
        given().get("/v1/services/web1").then().body("note", equalTo("fine"));
        given().put("/v1/agent/service/deregister/web1").then().statusCode(200);
        given().put("/v1/agent/service/deregister/web1").then().statusCode(404);
    }
}
