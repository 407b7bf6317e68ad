package dev.muster.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.cluster.Node;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.query.wire.Certificates;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random queries of the whole engine, answered by one node and by several.
class ClusterQueriesTest {
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineConfig.DEFAULT);

    private static final String[] AGGREGATIONS = {
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"
    };
    private static final String[] GROUPINGS = {
        "", " by (job)", " by (cell, job)", " without (host, cell)", " by (host)", " by (nothing)"
    };
    private static final String[] VECTORS = {
        "requests_total",
        "queue",
        "queue{job=~\"job[12]\"}",
        "rate(requests_total[5m])",
        "increase(requests_total[17m])",
        "irate(requests_total{path!=\"/p0\"}[3m])",
        "max_over_time(queue[10m])",
        "avg_over_time(queue[30m] offset 20m)",
        "quantile_over_time(0.9, queue[15m])",
        "abs(queue - 60)",
        "queue * 2 + 1",
        "clamp_max(queue, 50)",
        "requests_total{host=\"h3\"}"
    };

    @TempDir static Path directory;

    private static Vertx vertx;
    private final List<RigNode> nodes = new ArrayList<>();

    @BeforeAll
    static void fill() throws IOException {
        vertx = Vertx.vertx();
        RigStore.fill(directory.resolve("store"), 11);
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(RigNode::close);
    }

    @ParameterizedTest(name = "nodes={0} seed={1} dies={2}")
    @CsvSource({"2, 1, -1", "3, 2, -1", "3, 3, 0", "3, 4, 200", "3, 5, 2000"})
    void haveTheSameAnswerWhereverTheyAreAnswered(int count, long seed, int diesAfterBytes)
            throws Exception {
        for (int i = 0; i < count; i++) {
            nodes.add(
                    new RigNode(
                            vertx,
                            "n" + i,
                            directory.resolve("store"),
                            RigNode.SECRET,
                            new EngineEvaluator(EngineConfig.DEFAULT)));
        }
        List<Node> all = nodes.stream().map(RigNode::self).toList();
        nodes.forEach(node -> node.sees(all));
        nodes.getLast().diesAfterBytes = diesAfterBytes;
        RigNode asker = nodes.getFirst();
        var random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            String query = query(random);
            Steps steps = steps(random);
            assertSame(
                    query + " " + steps,
                    answer(asker.source, query, steps),
                    answer(asker.local, query, steps));
        }
        assertThat(asker.metrics.askedShares()).isPositive();
        assertThat(asker.metrics.retries() > 0).isEqualTo(diesAfterBytes >= 0);
        assertThat(asker.count("muster_query_share_abandoned")).isZero();
    }

    @Test
    void nodesThatShowCertificatesAnswerEachOtherAndNobodyElse() throws Exception {
        String here = "dns:localhost,ip:127.0.0.1";
        List<Certificates> own = new ArrayList<>();
        for (String name : List.of("node-a", "node-b", "stranger")) {
            own.add(Certificates.make(directory, name, here));
        }
        Path trusted = directory.resolve("trusted.crt");
        Files.writeString(
                trusted, Files.readString(own.get(0).cert()) + Files.readString(own.get(1).cert()));
        for (Certificates each : own) {
            nodes.add(
                    new RigNode(
                            vertx,
                            "n" + nodes.size(),
                            directory.resolve("store"),
                            RigNode.SECRET,
                            new EngineEvaluator(EngineConfig.DEFAULT),
                            Optional.of(tls(each, trusted))));
        }
        List<Node> two = nodes.stream().limit(2).map(RigNode::self).toList();
        nodes.forEach(node -> node.sees(two));
        // a machine that is busy may be late with a handshake, but not each time
        await().untilAsserted(() -> assertSharesTheAnswerAtOnce(nodes.get(0)));
        await().untilAsserted(() -> assertSharesTheAnswerAtOnce(nodes.get(1)));

        RigNode stranger = nodes.get(2);
        List<Node> three = nodes.stream().map(RigNode::self).toList();
        stranger.sees(three);
        assertSharesTheAnswer(stranger);
        assertThat(stranger.metrics.retries()).isPositive();
    }

    private static void assertSharesTheAnswerAtOnce(RigNode asker) throws Exception {
        long before = asker.metrics.retries();
        assertSharesTheAnswer(asker);
        assertThat(asker.metrics.retries()).isEqualTo(before);
    }

    private static void assertSharesTheAnswer(RigNode asker) throws Exception {
        Steps steps = new Steps(RigStore.START_MS, RigStore.END_MS, 60_000);
        String query = "sum by (job) (queue)";
        assertSame(query, answer(asker.source, query, steps), answer(asker.local, query, steps));
        assertThat(asker.metrics.askedShares()).isPositive();
    }

    private static Tls tls(Certificates own, Path trusted) throws IOException {
        return Tls.open(
                new TlsConfig(
                        Optional.of(own.cert()),
                        Optional.of(own.key()),
                        Optional.of(trusted),
                        ClientAuth.REQUIRED,
                        Optional.empty()));
    }

    @Test
    void whatIsMissingOfAShareIsSaidOfTheAnswer() throws Exception {
        Path copy = directory.resolve("damaged");
        copyStore(copy);
        for (int i = 0; i < 3; i++) {
            nodes.add(
                    new RigNode(
                            vertx,
                            "n" + i,
                            copy,
                            RigNode.SECRET,
                            new EngineEvaluator(EngineConfig.DEFAULT)));
        }
        List<Node> all = nodes.stream().map(RigNode::self).toList();
        nodes.forEach(node -> node.sees(all));
        RigNode asker = nodes.getFirst();
        Steps steps = new Steps(RigStore.START_MS, RigStore.END_MS, 60_000);
        try (var files = Files.walk(copy)) {
            for (Path file :
                    files.filter(each ->
                                    each.toString().contains("host=h3")
                                            || each.getFileName().toString().contains("h3"))
                            .filter(Files::isRegularFile)
                            .toList()) {
                Files.delete(file);
            }
        }
        QueryResult shared = result(asker.source, steps);
        QueryResult alone = result(asker.local, steps);
        // two of the twelve hosts, for all the time
        assertThat(alone.completeness().missingMs())
                .isEqualTo(alone.completeness().expectedMs() / 6);
        assertThat(shared.completeness()).isEqualTo(alone.completeness());
        assertThat(shared.warnings()).containsExactlyInAnyOrderElementsOf(alone.warnings());
        assertThat(asker.metrics.askedShares()).isEqualTo(2);
    }

    private static QueryResult result(SeriesSource source, Steps steps)
            throws IOException, QueryException {
        return ENGINE.range(source, "sum by (job) (queue)", steps, QueryOptions.DEFAULT);
    }

    private static void copyStore(Path to) throws IOException {
        Path from = directory.resolve("store");
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static String query(Random random) {
        String vector = pick(random, VECTORS);
        String grouping = pick(random, GROUPINGS);
        return switch (random.nextInt(10)) {
            case 0 -> "topk" + grouping + " (3, " + vector + ")";
            case 1 -> "bottomk" + grouping + " (2, " + vector + ")";
            case 2 -> "quantile" + grouping + " (0.7, " + vector + ")";
            case 3 ->
                    "sum by (job) ("
                            + vector
                            + ") / on (job) count by (job) ("
                            + pick(random, VECTORS)
                            + ")";
            case 4 -> vector;
            case 5 -> "count_values" + grouping + " (\"v\", round(" + vector + " / 100))";
            default -> pick(random, AGGREGATIONS) + grouping + " (" + vector + ")";
        };
    }

    private static Steps steps(Random random) {
        long startMs = RigStore.START_MS + random.nextInt((int) (2 * RigStore.HOUR_MS));
        return new Steps(startMs, startMs + random.nextInt((int) RigStore.HOUR_MS), 60_000);
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }

    private static TreeMap<Labels, MatrixSeries> answer(
            SeriesSource source, String query, Steps steps) throws IOException, QueryException {
        TreeMap<Labels, MatrixSeries> found = new TreeMap<>();
        var result = ENGINE.range(source, query, steps, QueryOptions.DEFAULT);
        assertThat(result.warnings()).isEmpty();
        ((MatrixValue) result.value())
                .series()
                .forEach(series -> found.put(series.labels(), series));
        return found;
    }

    /// The same but for the order in which numbers were added.
    private static void assertSame(
            String what,
            TreeMap<Labels, MatrixSeries> found,
            TreeMap<Labels, MatrixSeries> expected) {
        assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((labels, series) -> {
            MatrixSeries other = Objects.requireNonNull(found.get(labels));
            assertThat(other.size()).as(what + labels).isEqualTo(series.size());
            for (int i = 0; i < series.size(); i++) {
                assertThat(other.timestampMs(i)).isEqualTo(series.timestampMs(i));
                double value = series.value(i);
                assertThat(Math.abs(other.value(i) - value))
                        .as(what + labels + " " + other.value(i) + " " + value)
                        .isLessThanOrEqualTo(1e-9 * Math.max(1, Math.abs(value)));
            }
        });
    }
}
