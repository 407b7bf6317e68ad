package dev.muster.agent.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteWritingTest {
    private static final long NOW_MS = IntakeRig.NOW_MS;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final MetricMetadata COUNTER =
            new MetricMetadata(MetricType.COUNTER, "", "Requests.");

    @TempDir private Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final HttpSources http = new HttpSources(vertx, new BodyPool(1 << 20));
    private RemoteStore store;
    private IntakeRig own;
    private RemoteWriting writing;

    @BeforeEach
    void start() throws IOException {
        store = new RemoteStore(directory.resolve("store"));
        own = new IntakeRig(directory.resolve("own"));
        writing = writing(64 << 20);
    }

    private RemoteWriting writing(long limitBytes) {
        return new RemoteWriting(
                own.head,
                directory.resolve("log"),
                limitBytes,
                () -> Instant.ofEpochMilli(NOW_MS),
                http.requests());
    }

    @AfterEach
    void stop() throws Exception {
        writing.close();
        http.close();
        store.close();
        own.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private static RemotePlan plan(URI url, RemotePlan.Version version, RelabelRule... rules) {
        return new RemotePlan(
                "a/b",
                url,
                version,
                Duration.ofSeconds(5),
                Map.of("X-Tenant", "shop"),
                HttpAccess.DEFAULT,
                List.of(rules),
                true,
                true,
                Duration.ofMinutes(1),
                new RemotePlan.Queue(
                        3,
                        40,
                        Duration.ofMillis(50),
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        true,
                        Duration.ZERO));
    }

    private void use(RelabelRule... rules) {
        writing.use(List.of(plan(store.url(), RemotePlan.Version.FIRST, rules)));
    }

    /// Appends so many ticks of ten counters.
    private void append(SampleAppender out, int from, int to) throws IOException {
        for (int tick = from; tick < to; tick++) {
            out.begin(NOW_MS - 600_000 + tick * 1_000L);
            for (int i = 0; i < 10; i++) {
                out.append(out.series(counter(i), COUNTER), 10.0 * tick + i);
            }
            out.commit();
        }
    }

    private static Labels counter(int i) {
        return Labels.of("__name__", "requests_total", "i", "n" + i, "job", "web");
    }

    private String metrics() {
        ExpositionWriter out = new ExpositionWriter();
        writing.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private double metric(String start) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private int stored() throws IOException {
        return store.rig.samples().values().stream().mapToInt(List::size).sum();
    }

    private void awaitStored(int samples) {
        await().atMost(LONG).untilAsserted(() -> assertThat(stored()).isEqualTo(samples));
    }

    @ParameterizedTest
    @EnumSource(RemotePlan.Version.class)
    void sendsAllKindsOfSamplesInTheirOrder(RemotePlan.Version version) throws Exception {
        writing.use(List.of(plan(store.url(), version)));
        NativeHistogram histogram =
                NativeHistogram.exponential(
                        3,
                        CounterReset.UNKNOWN,
                        1e-6,
                        1,
                        9,
                        12.5,
                        Buckets.of(new int[] {-3, -2, 5}, new double[] {1, 2, 3}),
                        Buckets.of(new int[] {7}, new double[] {2}));
        NativeHistogram custom =
                NativeHistogram.custom(
                        CounterReset.UNKNOWN,
                        3,
                        4,
                        new double[] {0.5, 1},
                        Buckets.of(new int[] {0, 2}, new double[] {1, 2}));
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 100);
            out.begin(NOW_MS);
            int plain = out.series(counter(0), COUNTER);
            out.start(plain, NOW_MS - 5_000);
            out.append(plain, Staleness.STALE);
            out.exemplar(plain, new Exemplar(Labels.of("trace_id", "x1"), 5, NOW_MS));
            int nan = out.series(Labels.of("__name__", "nan"), MetricMetadata.NONE);
            out.append(nan, Double.NaN);
            out.append(out.series(Labels.of("__name__", "h"), COUNTER), histogram);
            out.append(out.series(Labels.of("__name__", "c"), COUNTER), custom);
            out.commit();
        }
        awaitStored(1_004);
        for (String metric : new String[] {"nan", "h", "c"}) {
            SampleColumns sent = own.columns(metric);
            SampleColumns got = store.rig.columns(metric);
            assertThat(got.timestampsMs()[0]).isEqualTo(sent.timestampsMs()[0]);
            assertThat(Double.doubleToRawLongBits(got.values()[0]))
                    .isEqualTo(Double.doubleToRawLongBits(sent.values()[0]));
        }
        assertThat(store.rig.columns("h").histogram(0)).isEqualTo(own.columns("h").histogram(0));
        assertThat(store.rig.columns("c").histogram(0)).isEqualTo(own.columns("c").histogram(0));
        assertThat(store.rig.metrics())
                .contains("{reason=\"duplicate\"} 0")
                .contains("{reason=\"out_of_order\"} 0");
        List<Double> first =
                store.rig.samples().entrySet().stream()
                        .filter(entry -> entry.getKey().contains("\"n0\""))
                        .findFirst()
                        .orElseThrow()
                        .getValue();
        assertThat(Staleness.isStale(first.getLast())).isTrue();
        assertThat(first).hasSize(101);
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(metric("prometheus_remote_storage_samples_total"))
                                .isEqualTo(1_002));
        assertThat(metric("prometheus_remote_storage_histograms_total")).isEqualTo(2);
        assertThat(metric("prometheus_remote_storage_exemplars_total")).isEqualTo(1);
        assertThat(metric("prometheus_remote_storage_samples_failed_total")).isZero();
        assertThat(store.seen).allMatch(line -> line.endsWith(" shop"));
    }

    @Test
    void triesAgainWhatMayBeTakenLaterAndDropsWhatIsRefused() throws Exception {
        store.refuse(503, 429, 500);
        use();
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 2);
            awaitStored(20);
            assertThat(store.rig.metrics()).contains("{reason=\"out_of_order\"} 0");
            assertThat(metric("prometheus_remote_storage_samples_retried_total"))
                    .isGreaterThanOrEqualTo(3);
            store.refuseAll(400);
            append(out, 2, 4);
            await().atMost(LONG)
                    .until(() -> metric("prometheus_remote_storage_samples_failed_total") == 20);
            store.refuseAll(0);
            append(out, 4, 5);
        }
        awaitStored(30);
    }

    /// A store that refuses a request whole, as some do, does not cost what is right in it.
    @ParameterizedTest
    @EnumSource(RemotePlan.Version.class)
    void dividesWhatIsRefused(RemotePlan.Version version) throws Exception {
        writing.use(List.of(plan(store.url(), version)));
        store.refuseLarger(1);
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 12);
        }
        awaitStored(120);
        assertThat(metric("prometheus_remote_storage_samples_failed_total")).isZero();
    }

    /// The process dies while the store does not answer: the next one sends all that was committed,
    /// from the middle of a segment on.
    @Test
    void losesNothingWhenTheProcessDies() throws Exception {
        use();
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 5);
            awaitStored(50);
            await().atMost(LONG)
                    .until(() -> metric("prometheus_remote_storage_samples_pending") == 0);
            store.refuseAll(503);
            append(out, 5, 30);
        }
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        // a torn tail: a record that nobody was told of
        Files.write(
                copy.resolve("00000001.samples"),
                new byte[] {0, 0, 9, 9, 1},
                StandardOpenOption.APPEND);
        writing.close();
        store.refuseAll(0);
        try (RemoteWriting next =
                new RemoteWriting(
                        own.head,
                        copy,
                        64 << 20,
                        () -> Instant.ofEpochMilli(NOW_MS),
                        http.requests())) {
            next.use(List.of(plan(store.url(), RemotePlan.Version.SECOND)));
            awaitStored(300);
            try (SampleAppender out = next.appender("t2")) {
                append(out, 30, 31);
            }
            awaitStored(310);
        }
    }

    @Test
    void dropsTheOldestBeyondItsLimitAndCountsThem() throws Exception {
        writing.close();
        writing = writing(256 << 10);
        store.refuseAll(503);
        use();
        int ticks = 3_000;
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 5);
            await().atMost(LONG)
                    .until(() -> metric("prometheus_remote_storage_samples_retried_total") > 0);
            for (int tick = 5; tick < ticks; tick++) {
                out.begin(NOW_MS - 600_000 + tick * 10L);
                for (int i = 0; i < 10; i++) {
                    out.append(out.series(counter(i), COUNTER), tick);
                }
                out.commit();
            }
        }
        assertThat(metric("muster_remote_write_log_bytes")).isLessThanOrEqualTo(256 << 10);
        store.refuseAll(0);
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(metric("prometheus_remote_storage_samples_pending")).isZero());
        double dropped = metric("prometheus_remote_storage_samples_dropped_total{reason=\"queue_l");
        assertThat(dropped).isPositive();
        assertThat(metric("prometheus_remote_storage_samples_total") + dropped)
                .isEqualTo(metric("prometheus_remote_storage_samples_in_total"));
    }

    @Test
    void appliesRulesAndForgetsAStoreThatIsGone() throws Exception {
        use(
                new RelabelRule(
                        RelabelAction.DROP,
                        List.of("i"),
                        ";",
                        RelabelPattern.of("n[0-4]"),
                        0,
                        "",
                        "$1"),
                new RelabelRule(
                        RelabelAction.LABELDROP,
                        List.of(),
                        ";",
                        RelabelPattern.of("job"),
                        0,
                        "",
                        "$1"));
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 3);
            awaitStored(15);
            assertThat(store.rig.samples().keySet())
                    .allMatch(labels -> labels.contains("i=\"n") && !labels.contains("web"));
            assertThat(metric("prometheus_remote_storage_samples_dropped_total{reason=\"dropped_s"))
                    .isEqualTo(15);
            writing.use(List.of());
            append(out, 3, 4);
            writing.round();
        }
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactly("00000001.samples");
        }
    }

    /// The store is added while the agent runs: appenders that there are go on with the next
    /// scrape.
    @Test
    void beginsAtOnceWithAStoreThatIsAdded() throws Exception {
        assertThat(writing.use(List.of())).isFalse();
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 2);
            assertThat(writing.use(List.of(plan(store.url(), RemotePlan.Version.FIRST)))).isTrue();
            append(out, 2, 5);
            awaitStored(30);
            assertThat(writing.use(List.of(plan(store.url(), RemotePlan.Version.SECOND))))
                    .isFalse();
            append(out, 5, 6);
        }
        awaitStored(40);
        assertThat(metric("prometheus_remote_storage_samples_dropped_total")).isZero();
    }

    /// A store of before version 2.0 gets 1.0, from the first sample on.
    @Test
    void fallsBackWhereTheStoreDoesNotKnowTheVersion() throws Exception {
        store.refuseVersion("v2");
        writing.use(List.of(plan(store.url(), RemotePlan.Version.SECOND)));
        try (SampleAppender out = writing.appender("t")) {
            append(out, 0, 10);
            awaitStored(100);
            append(out, 10, 12);
        }
        awaitStored(120);
        assertThat(metric("muster_remote_write_version_fallbacks_total")).isEqualTo(1);
        assertThat(metric("prometheus_remote_storage_samples_failed_total")).isZero();
    }

    @Test
    void doesNothingWithoutAStore() throws Exception {
        writing.use(List.of());
        try (SampleAppender out = writing.appender("t")) {
            assertThat(out).isNotInstanceOf(TapAppender.class);
            append(out, 0, 1);
        }
        writing.round();
        assertThat(metrics()).isEmpty();
        assertThat(directory.resolve("log")).doesNotExist();
    }
}
