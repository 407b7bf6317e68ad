package dev.muster.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.DoorPlan;
import dev.muster.agent.door.PushRoute;
import dev.muster.agent.exposition.ExpositionWriter;
import io.prometheus.metrics.exporter.pushgateway.Format;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The protocol over HTTP, through the door, with the official client as sender.
class PushgatewayTest {
    @TempDir Path directory;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;
    private PushStore store;

    @BeforeEach
    void start() throws IOException {
        store = new PushStore(directory, new PushLimits(100, 1 << 20, 0), Clock.systemUTC());
        Pushgateway gateway = new Pushgateway(store);
        Door door =
                new Door(
                        vertx,
                        new DoorPlan(
                                Optional.empty(), 1 << 20, 4 << 20, Duration.ofSeconds(5), 10));
        Router router = Router.router(vertx);
        for (String method : List.of("PUT", "POST", "DELETE")) {
            for (String path : List.of("/metrics/job/*", "/metrics/job@base64/*")) {
                door.route(
                        router,
                        PushRoute.of(method, path, "pushgateway"),
                        () -> Optional.of(gateway::change));
            }
        }
        server = join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    private static <T> T join(io.vertx.core.Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        join(vertx.close());
        store.close();
    }

    private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                        .method(method, BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String text() {
        ExpositionWriter out = new ExpositionWriter();
        new GroupReader().write(store.groups(), out);
        return new String(out.bytes(), 0, out.size(), UTF_8);
    }

    private static Collector collector(double value) {
        return () ->
                CounterSnapshot.builder()
                        .name("rows")
                        .help("Rows.")
                        .dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .value(value)
                                        .labels(Labels.of("table", "a\"b"))
                                        .build())
                        .build();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void takesWhatTheOfficialClientPushes(Format format) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(collector(3));
        registry.register(() ->
                HistogramSnapshot.builder()
                        .name("took_seconds")
                        .dataPoint(
                                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                        .classicHistogramBuckets(
                                                ClassicHistogramBuckets.of(
                                                        new double[] {1, Double.POSITIVE_INFINITY},
                                                        new long[] {2, 1}))
                                        .sum(4.5)
                                        .build())
                        .build());
        PushGateway gateway =
                PushGateway.builder()
                        .address("127.0.0.1:" + server.actualPort())
                        .job("back/up")
                        .groupingKey("path", "/var/tmp")
                        .groupingKey("empty", "")
                        .registry(registry)
                        .format(format)
                        .build();
        gateway.push();
        assertThat(text())
                .contains(
                        """
                        # HELP rows_total Rows.
                        # TYPE rows_total counter
                        rows_total{instance="",job="back/up",path="/var/tmp",table="a\\"b"} 3
                        # TYPE took_seconds histogram
                        took_seconds_count{instance="",job="back/up",path="/var/tmp"} 3
                        took_seconds_sum{instance="",job="back/up",path="/var/tmp"} 4.5
                        took_seconds_bucket{instance="",job="back/up",le="1.0",path="/var/tmp"} 2
                        took_seconds_bucket{instance="",job="back/up",le="+Inf",path="/var/tmp"} 3
                        """);
        gateway.pushAdd(
                (Collector)
                        () ->
                                GaugeSnapshot.builder()
                                        .name("more")
                                        .dataPoint(
                                                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                                        .value(1)
                                                        .build())
                                        .build());
        assertThat(text()).contains("rows_total{", "more{");
        gateway.push(collector(5));
        assertThat(text()).contains("table=\"a\\\"b\"} 5").doesNotContain("more{", "took_seconds");
        gateway.delete();
        assertThat(store.groups()).isEmpty();
    }

    @Test
    void theOfficialClientIsToldWhyAPushIsRefused() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(() ->
                GaugeSnapshot.builder()
                        .name("a")
                        .dataPoint(
                                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                        .value(1)
                                        .scrapeTimestampMillis(1_700_000_000_000L)
                                        .build())
                        .build());
        PushGateway gateway =
                PushGateway.builder()
                        .address("127.0.0.1:" + server.actualPort())
                        .job("j")
                        .registry(registry)
                        .build();
        assertThatThrownBy(gateway::push)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pushed metrics must not have timestamps");
        assertThat(text()).contains("push_time_seconds{instance=\"\",job=\"j\"} 0\n");
    }

    @Test
    void answersAsThePushgatewayDoes() throws Exception {
        byte[] body = "a 1\n".getBytes(UTF_8);
        assertThat(send("PUT", "/metrics/job/j", body).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/metrics/job/j", body).statusCode()).isEqualTo(200);
        assertThat(send("PUT", "/metrics/job/e", new byte[0]).statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/metrics/job/unknown", new byte[0]).statusCode()).isEqualTo(202);
        assertThat(send("PUT", "/metrics/job/j/a", body).statusCode()).isEqualTo(400);
        assertThat(send("PUT", "/metrics/job/j", "a\n".getBytes(UTF_8)).statusCode())
                .isEqualTo(400);
        HttpResponse<String> refused = send("PUT", "/metrics/job/j", "a 1 5\n".getBytes(UTF_8));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains(
                        "pushed metrics are invalid or inconsistent with existing metrics: pushed"
                                + " metrics must not have timestamps");
    }

    @Test
    void aPushMayBeCompressedAndEndByItself() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("a 1\n".getBytes(UTF_8));
        }
        HttpResponse<String> answer =
                send(
                        "PUT",
                        "/metrics/job/j",
                        zipped.toByteArray(),
                        "Content-Encoding",
                        "gzip",
                        "Muster-Ttl",
                        "1h");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(store.groups().iterator().next().expiresMs())
                .isBetween(
                        System.currentTimeMillis() + 3_500_000,
                        System.currentTimeMillis() + 3_600_000);
        assertThat(send("PUT", "/metrics/job/j?ttl=soon", "a 1\n".getBytes(UTF_8)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void tellsItsGroupsAsJson() throws Exception {
        send(
                "PUT",
                "/metrics/job/j/instance/i",
                "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_sum 3\nh_count 4\n"
                        .getBytes(UTF_8));
        JsonObject group =
                new JsonObject(new GroupsJson().metrics(store.groups()))
                        .getJsonArray("data")
                        .getJsonObject(0);
        assertThat(group.getJsonObject("labels").encode())
                .isEqualTo("{\"instance\":\"i\",\"job\":\"j\"}");
        assertThat(group.getBoolean("last_push_successful")).isTrue();
        JsonObject family = group.getJsonObject("h");
        assertThat(family.getString("type")).isEqualTo("HISTOGRAM");
        assertThat(family.getString("help")).isEqualTo("Help.");
        assertThat(family.getJsonArray("metrics").encode())
                .isEqualTo(
                        "[{\"labels\":{\"instance\":\"i\",\"job\":\"j\"},\"count\":\"4\",\"sum\":\"3\","
                            + "\"buckets\":{\"1.0\":\"2\",\"+Inf\":\"4\"}}]");
    }
}
