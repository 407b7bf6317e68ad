package dev.muster.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.NodeState;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadAllowance;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareAskerTest {
    private static final PartQuery RATES =
            new PartQuery(
                    "rate(requests_total[600s])",
                    new Steps(RigStore.START_MS, RigStore.END_MS, 60_000),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1),
                    false,
                    Duration.ofSeconds(20));

    @TempDir static Path directory;

    private static Vertx vertx;
    private final List<RigNode> nodes = new ArrayList<>();

    @BeforeAll
    static void fill() throws IOException {
        vertx = Vertx.vertx();
        RigStore.fill(directory.resolve("store"), 7);
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(RigNode::close);
    }

    @Test
    void aNodeThatIsAloneDelegatesNothing() throws IOException {
        RigNode alone = node("a");
        introduce();
        assertThat(plan(alone)).isEqualTo(PartPlan.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void nodesTogetherHaveEverySeriesOnceAndWhole(int count) throws IOException {
        RigNode asker = started(count);
        assertThat(ask(asker)).isEqualTo(expected(asker)).hasSize(144);
        assertThat(asker.metrics.askedShares()).isEqualTo(count - 1);
        assertThat(asker.metrics.retries()).isZero();
    }

    @ParameterizedTest(name = "bytes={0}")
    @ValueSource(ints = {0, 3, 100, 20_000, Integer.MAX_VALUE})
    void aNodeThatDiesWhileItSendsIsReplacedAndNothingIsLostOrDoubled(int bytes)
            throws IOException {
        RigNode asker = started(3);
        nodes.get(1).diesAfterBytes = bytes;
        assertThat(ask(asker)).isEqualTo(expected(asker));
        assertThat(asker.count("muster_query_share_retries")).isOne();
        assertThat(nodes.get(2).metrics.answeredShares()).isEqualTo(2);
    }

    @Test
    void whenAllOthersDieEverythingIsEvaluatedHere() throws IOException {
        RigNode asker = started(3);
        nodes.get(1).diesAfterBytes = 50;
        nodes.get(2).close();
        assertThat(ask(asker)).isEqualTo(expected(asker));
        assertThat(asker.metrics.evaluatedShares()).isPositive();
        nodes.remove(2);
    }

    @Test
    void nodesThatSeeDifferentClustersAnswerWhatTheyAreTold() throws IOException {
        RigNode asker = started(3);
        nodes.get(1).sees(List.of(nodes.get(1).self()));
        nodes.get(2).sees(List.of(nodes.get(0).self(), nodes.get(2).self(), lost("z")));
        for (RigNode node : nodes) {
            assertThat(ask(node)).isEqualTo(expected(asker));
        }
    }

    @Test
    void aNodeThatIsSeenButNotThereIsReplaced() throws IOException {
        RigNode asker = started(2);
        asker.sees(List.of(nodes.get(0).self(), nodes.get(1).self(), lost("z")));
        assertThat(ask(asker)).isEqualTo(expected(asker));
        assertThat(asker.metrics.retries()).isOne();
    }

    @Test
    void aNodeThatIsStartingOrHasAnotherNameRefuses() throws IOException {
        RigNode asker = started(3);
        List<Node> ready = nodes.stream().map(RigNode::self).toList();
        nodes.get(1).state = NodeState.STARTING;
        Node moved = new Node("x", nodes.get(2).self().url(), 1, NodeState.READY);
        asker.sees(List.of(ready.get(0), ready.get(1), moved));
        assertThat(ask(asker)).isEqualTo(expected(asker));
        assertThat(nodes.get(1).count("muster_query_share_refused")).isPositive();
        assertThat(nodes.get(2).count("muster_query_share_refused")).isPositive();
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() throws IOException {
        RigNode asker = node("a");
        nodes.add(
                new RigNode(vertx, "b", directory.resolve("store"), "another secret", evaluator()));
        introduce();
        assertThat(ask(asker)).isEqualTo(expected(asker));
        assertThat(nodes.get(1).count("muster_query_share_refused")).isOne();
        assertThat(nodes.get(1).metrics.answeredShares()).isZero();
    }

    @Test
    void aNodeThatLeavesWhileItIsAskedIsReplaced() throws Exception {
        var asked = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        RigNode asker = node("a");
        nodes.add(
                new RigNode(
                        vertx,
                        "b",
                        directory.resolve("store"),
                        RigNode.SECRET,
                        hangs(asked, stopped)));
        node("c");
        introduce();
        var found = new AtomicReference<TreeMap<Labels, String>>();
        Thread thread = Thread.ofVirtual().start(() -> found.set(askUnchecked(asker)));
        asked.await();
        asker.sees(List.of(nodes.get(0).self(), nodes.get(2).self()));
        thread.join();
        assertThat(found.get()).isEqualTo(expected(asker));
        await().untilAsserted(() -> assertThat(stopped.getCount()).isZero());
    }

    @Test
    void aQueryThatIsStoppedStopsTheOthers() throws Exception {
        var asked = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        RigNode asker = node("a");
        nodes.add(
                new RigNode(
                        vertx,
                        "b",
                        directory.resolve("store"),
                        RigNode.SECRET,
                        hangs(asked, stopped)));
        introduce();
        var failure = new AtomicReference<Throwable>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                plan(asker)
                                        .parts()
                                        .get(1)
                                        .ask(RATES, new Rows(), ReadBudget.UNLIMITED);
                            } catch (IOException e) {
                                failure.set(e);
                            }
                        });
        asked.await();
        thread.interrupt();
        thread.join();
        assertThat(failure.get()).hasMessageContaining("interrupted");
        await().untilAsserted(() -> assertThat(stopped.getCount()).isZero());
    }

    @Test
    void aLimitOfAnotherNodeIsTheQuerysAndIsNamed() throws IOException {
        RigNode asker = node("a");
        PartEvaluator small =
                (source, query, sink, limits, budget) ->
                        evaluator()
                                .part(
                                        source,
                                        query,
                                        sink,
                                        new ShareLimits(100, 100, 100, 100),
                                        budget);
        nodes.add(new RigNode(vertx, "b", directory.resolve("store"), RigNode.SECRET, small));
        introduce();
        assertThatThrownBy(() -> ask(asker))
                .isInstanceOf(PartException.class)
                .hasMessageContaining("samples")
                .extracting("kind")
                .isEqualTo(PartException.Kind.LIMIT);
        assertThat(asker.metrics.retries()).isZero();
    }

    @Test
    void aShareCarriesWhatTheQueryHasLeft() throws IOException {
        var seen = new AtomicReference<ShareLimits>();
        RigNode asker = node("a");
        PartEvaluator noting =
                (source, query, sink, limits, budget) -> {
                    seen.set(limits);
                    evaluator().part(source, query, sink, limits, budget);
                };
        nodes.add(new RigNode(vertx, "b", directory.resolve("store"), RigNode.SECRET, noting));
        introduce();
        var left = new ReadAllowance(700, 9_000_000, 0, 1L << 60);
        for (Part part : plan(asker).parts()) {
            part.ask(RATES, new Rows(), new Left(left));
        }
        long memory = dev.muster.promql.EngineConfig.DEFAULT.maxMemoryBytes();
        assertThat(seen.get()).isEqualTo(new ShareLimits(9_000_000, 700, 1, memory));
    }

    /// A query that has had a part of its limits.
    private record Left(ReadAllowance allowance) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {}
    }

    private RigNode started(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            node("n" + i);
        }
        introduce();
        return nodes.getFirst();
    }

    private RigNode node(String name) throws IOException {
        var node =
                new RigNode(vertx, name, directory.resolve("store"), RigNode.SECRET, evaluator());
        nodes.add(node);
        return node;
    }

    private static PartEvaluator evaluator() {
        return new SeriesEvaluator();
    }

    /// Answers only when it is interrupted.
    private static PartEvaluator hangs(CountDownLatch asked, CountDownLatch stopped) {
        return (source, query, sink, limits, budget) -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                stopped.countDown();
                throw new IOException("interrupted", e);
            }
        };
    }

    private static Node lost(String name) {
        return new Node(name, "http://127.0.0.1:1", 1, NodeState.READY);
    }

    private void introduce() {
        List<Node> all = nodes.stream().map(RigNode::self).toList();
        nodes.forEach(node -> node.sees(all));
    }

    private static PartPlan plan(RigNode node) throws IOException {
        return node.source.plan(
                RATES,
                List.of(
                        new PartSelector(
                                List.of(),
                                new TimeRange(RigStore.START_MS - 600_000, RigStore.END_MS + 1))),
                ReadBudget.UNLIMITED);
    }

    private static TreeMap<Labels, String> askUnchecked(RigNode node) {
        try {
            return ask(node);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TreeMap<Labels, String> ask(RigNode node) throws IOException {
        var rows = new Rows();
        List<Part> parts = plan(node).parts();
        if (parts.isEmpty()) {
            return expected(node);
        }
        for (Part part : parts) {
            part.ask(RATES, rows, ReadBudget.UNLIMITED);
        }
        return rows.found;
    }

    private static TreeMap<Labels, String> expected(RigNode node) throws IOException {
        var rows = new Rows();
        try {
            evaluator()
                    .part(
                            node.local,
                            RATES,
                            rows,
                            new ShareLimits(1 << 30, 1, 1, 1),
                            ReadBudget.UNLIMITED);
        } catch (dev.muster.promql.QueryException e) {
            throw new IOException(e);
        }
        return rows.found;
    }

    /// What was answered; refuses a series that comes twice.
    private static final class Rows implements PartSink {
        final TreeMap<Labels, String> found = new TreeMap<>();

        @Override
        public void series(PartSeries series) {
            StringBuilder text = new StringBuilder();
            for (int step = series.next(0); step >= 0; step = series.next(step + 1)) {
                text.append(step).append('=').append(series.column(0)[step]).append(' ');
            }
            assertThat(found.put(series.labels(), text.toString())).isNull();
        }

        @Override
        public void remark(PartRemark remark) {
            assertThat(remark.text()).isNull();
        }

        @Override
        public void spent(long series, long samples) {}
    }
}
