package dev.muster.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.part.PartAnswers;
import dev.muster.agent.part.PartLimits;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;
import dev.muster.promql.part.PartReader;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartRouteTest {
    private static final long NOW_MS = 1_767_225_600_000L;
    private static final Labels OWNER = Labels.of("cell", "c", "host", "h 1");
    private static final PartLimits LIMITS =
            new PartLimits(1, 0, 1_000_000, 1_000, 1 << 20, Duration.ofSeconds(20));

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ApiMetrics metrics = new ApiMetrics();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        http.shutdownNow();
        for (AutoCloseable one : open) {
            one.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void answersFromTheHead(@TempDir Path directory) throws Exception {
        try (Head head =
                Head.open(
                        HeadConfig.in(directory).withOutOfOrderWindow(Duration.ofHours(1)),
                        () -> Instant.ofEpochMilli(NOW_MS))) {
            store(head);
            URI url = serve(head, LIMITS);

            Found found = new Found();
            HttpResponse<byte[]> answer = post(url, "rate(requests_total[1m])", "c/h+1");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains(PartRoute.CONTENT_TYPE);
            read(answer, "rate(requests_total[1m])", found);
            assertThat(found.values).containsOnlyKeys("1", "2");
            assertThat(found.values.get("1")).hasSize(11).allMatch(rate -> near(rate, 1));
            assertThat(found.values.get("2")).hasSize(11).allMatch(rate -> near(rate, 2));
            assertThat(found.remarks).isEmpty();
            assertThat(exposed()).contains("muster_part_requests_total{outcome=\"answered\"} 1");
        }
    }

    @Test
    void refusesWhatIsMeantForAnotherAgentOrIsNoQuery() throws Exception {
        URI url = serve(new MemorySource(), LIMITS);
        assertThat(post(url, "up", "c/h2").statusCode()).isEqualTo(421);
        HttpRequest wrong =
                HttpRequest.newBuilder(url)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2}))
                        .build();
        assertThat(http.send(wrong, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(400);
    }

    @Test
    void seriesThatAreNotItsOwnAreNotMadeAPart() throws Exception {
        MemorySource source = new MemorySource();
        source.add(Labels.of("__name__", "up", "cell", "c", "host", "other"), NOW_MS, 1);
        URI url = serve(source, LIMITS);

        HttpResponse<byte[]> answer = post(url, "up", "c/h+1");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("series must have the labels of its owner");
        assertThat(answer.headers().firstValue("Muster-Shared")).contains("1000-2000");
    }

    @Test
    void aLimitIsNamedInTheAnswer() throws Exception {
        MemorySource source = new MemorySource();
        for (int i = 0; i < 100; i++) {
            source.add(
                    Labels.of("__name__", "up", "cell", "c", "host", "h 1"),
                    NOW_MS - i * 1_000L,
                    1);
        }
        PartLimits few = new PartLimits(1, 0, 10, 1_000, 1 << 20, Duration.ofSeconds(20));
        HttpResponse<byte[]> answer = post(serve(source, few), "rate(up[1m])", "c/h+1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> read(answer, "rate(up[1m])", new Found()))
                .isInstanceOfSatisfying(
                        PartException.class,
                        e -> assertThat(e.kind()).isEqualTo(PartException.Kind.LIMIT))
                .hasMessageContaining("too many samples");
        assertThat(exposed()).contains("muster_part_requests_total{outcome=\"limit\"} 1");
    }

    @Test
    void moreThanMayBeAnsweredAtOneTimeAreToldToComeBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SeriesSource slow =
                request -> {
                    begun.countDown();
                    waitFor(go);
                    return SeriesSource.empty().select(request);
                };
        URI url = serve(slow, LIMITS);
        CompletableFuture<HttpResponse<byte[]>> first =
                http.sendAsync(request(url, "up", "c/h+1"), bytes());
        begun.await();

        HttpResponse<byte[]> second = post(url, "up", "c/h+1");

        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.headers().firstValue("Retry-After")).contains("1");
        assertThat(exposed())
                .contains("muster_part_requests_total{outcome=\"busy\"} 1")
                .contains("muster_part_running 1")
                .contains("muster_part_waiting 0");
        go.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void stopsWhenTheClientLeaves() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        SeriesSource endless =
                request -> {
                    begun.countDown();
                    while (true) {
                        request.budget().check();
                        Thread.onSpinWait();
                    }
                };
        URI url = serve(endless, LIMITS);
        try (HttpClient leaving = HttpClient.newHttpClient()) {
            var _ = leaving.sendAsync(request(url, "up", "c/h+1"), bytes());
            begun.await();
            leaving.shutdownNow();
        }
        await().until(() -> metrics.parts.running.get() == 0);
        await().untilAsserted(() ->
                assertThat(exposed())
                        .contains("muster_part_requests_total{outcome=\"client_gone\"} 1"));
    }

    @Test
    void stopsWhenItsTimeIsOver() throws Exception {
        SeriesSource endless =
                request -> {
                    while (true) {
                        request.budget().check();
                        Thread.onSpinWait();
                    }
                };
        PartLimits brief = new PartLimits(1, 0, 10, 10, 1 << 20, Duration.ofMillis(50));

        HttpResponse<byte[]> answer = post(serve(endless, brief), "up", "c/h+1");

        assertThatThrownBy(() -> read(answer, "up", new Found()))
                .isInstanceOfSatisfying(
                        PartException.class,
                        e -> assertThat(e.kind()).isEqualTo(PartException.Kind.TIMEOUT));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean near(double value, double expected) {
        return Math.abs(value - expected) < 1e-9;
    }

    private static void store(Head head) throws IOException {
        try (SampleAppender appender = head.appender("test")) {
            for (int second = 900; second >= 0; second -= 10) {
                appender.begin(NOW_MS - second * 1_000L);
                for (int series = 1; series <= 2; series++) {
                    Labels labels =
                            Labels.of(
                                    "__name__",
                                    "requests_total",
                                    "cell",
                                    "c",
                                    "host",
                                    "h 1",
                                    "n",
                                    Integer.toString(series));
                    appender.append(
                            appender.series(labels, MetricMetadata.NONE),
                            series * (900.0 - second));
                }
                appender.commit();
            }
        }
    }

    private URI serve(SeriesSource source, PartLimits limits) throws Exception {
        PartAnswers answers = new PartAnswers(source, OWNER, limits);
        PartRoute route =
                new PartRoute(
                        answers,
                        () -> Optional.of(new TimeRange(1_000, 2_000)),
                        OWNER,
                        limits,
                        metrics,
                        System::nanoTime);
        open.add(route);
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(route::handle)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/api/v1/agent/part");
    }

    private static PartQuery query(String expr) {
        return new PartQuery(
                expr,
                new Steps(NOW_MS - 600_000, NOW_MS, 60_000),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                false,
                Duration.ofSeconds(30));
    }

    private static HttpRequest request(URI url, String expr, String agent) {
        return HttpRequest.newBuilder(url)
                .header("Muster-Agent", agent)
                .POST(HttpRequest.BodyPublishers.ofByteArray(PartQueryCodec.encode(query(expr))))
                .build();
    }

    private HttpResponse<byte[]> post(URI url, String expr, String agent) throws Exception {
        return http.send(request(url, expr, agent), bytes());
    }

    private static HttpResponse.BodyHandler<byte[]> bytes() {
        return HttpResponse.BodyHandlers.ofByteArray();
    }

    private static void read(HttpResponse<byte[]> answer, String expr, PartSink sink)
            throws IOException {
        PartReader.read(
                new ByteArrayInputStream(answer.body()), query(expr), sink, ReadBudget.UNLIMITED);
    }

    private String exposed() {
        ExpositionWriter out = new ExpositionWriter();
        metrics.write(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private static final class Found implements PartSink {
        private final Map<String, List<Double>> values = new TreeMap<>();
        private final List<PartRemark> remarks = new ArrayList<>();

        @Override
        public void series(PartSeries series) {
            List<Double> row =
                    values.computeIfAbsent(series.labels().valueOf("n"), _ -> new ArrayList<>());
            for (int i = series.next(0); i >= 0; i = series.next(i + 1)) {
                row.add(series.column(0)[i]);
            }
        }

        @Override
        public void remark(PartRemark remark) {
            remarks.add(remark);
        }

        @Override
        public void spent(long series, long samples) {}
    }
}
