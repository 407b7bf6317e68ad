package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.view.CellView;
import dev.muster.model.frame.FrameSpace;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import dev.muster.query.FakeAgent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentPartsTest {
    private static final long NOW_MS = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final long START_MS = NOW_MS - 600_000;
    private static final Duration LOOKBACK = Duration.ofMinutes(5);
    private static final PartQuery QUERY =
            new PartQuery(
                    "up * 2",
                    new Steps(START_MS, NOW_MS, 60_000),
                    LOOKBACK,
                    Duration.ofMinutes(1),
                    false,
                    Duration.ofSeconds(30));
    private static final List<PartSelector> SELECTORS =
            List.of(
                    new PartSelector(
                            List.of(LabelMatcher.equal("__name__", "up")),
                            new TimeRange(START_MS - LOOKBACK.toMillis() + 1, NOW_MS + 1)));

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final List<AgentPlace> places = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Sink sink = new Sink();
    private ShippedRanges shipped = ShippedRanges.none();
    private Duration timeout = Duration.ofSeconds(10);
    private FrameSpace space = new FrameSpace(Path.of("."), 1 << 20, 0);

    @AfterEach
    void close() {
        agents.forEach(FakeAgent::close);
        http.shutdownNow();
        assertThat(space.memoryBytes()).isZero();
        assertThat(space.diskBytes()).isZero();
    }

    @Test
    void eachAgentAnswersForItsOwnSeries() throws IOException {
        agent("a1", series("a1", "a1")).parts(FakeAgent.Parts.ANSWERED);
        agent("a2", series("a2", "a2")).parts(FakeAgent.Parts.ANSWERED);

        ask();

        assertThat(sink.values).containsOnlyKeys("a1", "a2");
        assertThat(sink.values.get("a1")).hasSize(11).containsOnly(14.0);
        assertThat(sink.remarks).isEmpty();
        assertThat(agents).allMatch(agent -> agent.selects() == 0);
        assertThat(answers("answered")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "BUSY", "OVER_LIMIT", "DAMAGED"})
    void anAgentThatDoesNotAnswerItIsAskedForItsSamples(FakeAgent.Parts how) throws IOException {
        agent("a1", series("a1", "a1")).parts(FakeAgent.Parts.ANSWERED);
        agent("a2", series("a2", "a2")).parts(how);

        ask();

        assertThat(sink.values).containsOnlyKeys("a1", "a2");
        assertThat(sink.values.get("a2")).hasSize(11).containsOnly(14.0);
        assertThat(sink.remarks).isEmpty();
        assertThat(agents.get(1).selects()).isOne();
        assertThat(answers("evaluated_here")).isOne();
    }

    @Test
    void anAgentThatDiesInItsAnswerIsAWarningAndNothingOfItCounts() throws IOException {
        agent("a1", series("a1", "a1")).parts(FakeAgent.Parts.TORN);

        ask();

        assertThat(sink.values).isEmpty();
        assertThat(sink.remarks)
                .singleElement()
                .asString()
                .contains("agent a1 of cell c is missing (")
                .contains(
                        "its samples from 2026-01-01T11:45:00Z until 2026-01-01T12:00:00Z may be");
        assertThat(answers("missing")).isOne();
    }

    @Test
    void namesAgentsThatAreSilentGoneOrAway() throws IOException {
        timeout = Duration.ofMillis(200);
        agent("a1", series("a1", "a1")).fallSilent();
        places.add(new AgentPlace("c", "a2", unusedUrl(), Optional.empty()));
        places.add(
                new AgentPlace(
                        "c",
                        "a3",
                        agents.getFirst().url(),
                        Optional.of(new AgentPlace.Absence("unreachable", NOW_MS - 5_000, true))));

        ask();

        assertThat(sink.remarks).hasSize(3);
        assertThat(sink.remarks.get(0).text())
                .contains("a1 of cell c")
                .contains("not answer in time");
        assertThat(sink.remarks.get(1).text()).contains("a2 of cell c").contains("refused");
        assertThat(sink.remarks.get(2).text()).contains("a3 of cell c").contains("unreachable");
        assertThat(sink.remarks).allMatch(one -> one.level() == PartRemark.Level.STORAGE);
    }

    @Test
    void seriesThatOthersMayHaveAreNotAskedForInPartsAgain() throws IOException {
        agent("a1", series("a1", "elsewhere")).parts(FakeAgent.Parts.SHARED_SERIES);
        AgentsSource source = source();
        PartPlan plan = source.plan(QUERY, SELECTORS, ReadBudget.UNLIMITED);

        assertThatThrownBy(() -> plan.parts().getFirst().ask(QUERY, sink, ReadBudget.UNLIMITED))
                .isInstanceOf(IOException.class);

        assertThat(sink.values).isEmpty();
        assertThat(source.plan(QUERY, SELECTORS, ReadBudget.UNLIMITED)).isEqualTo(PartPlan.NONE);
    }

    @Test
    void anAgentOfOldWithSeriesOfOthersIsNotEvaluatedAlone() throws IOException {
        agent("a1", series("a1", "elsewhere"));
        AgentsSource source = source();
        PartPlan plan = source.plan(QUERY, SELECTORS, ReadBudget.UNLIMITED);

        assertThatThrownBy(() -> plan.parts().getFirst().ask(QUERY, sink, ReadBudget.UNLIMITED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("series must have the labels of its owner");
        assertThat(source.plan(QUERY, SELECTORS, ReadBudget.UNLIMITED)).isEqualTo(PartPlan.NONE);
    }

    @Test
    void stepsThatNeedAnythingOfABlockAreNotGivenAway() throws IOException {
        agent("a1", series("a1", "a1"));
        long blockEndMs = START_MS - 60_000;
        shipped = in -> shippedUntil("gone", blockEndMs, in);

        PartPlan plan = source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED);

        long firstNeededMs = SELECTORS.getFirst().range().startMs();
        assertThat(plan.fromMs()).isEqualTo(START_MS + blockEndMs - firstNeededMs);
        assertThat(plan.parts()).hasSize(1);

        shipped = in -> shippedUntil("a1", NOW_MS, in);
        assertThat(source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED)).isEqualTo(PartPlan.NONE);
        shipped = in -> shippedUntil("a1", firstNeededMs, in);
        assertThat(source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED).fromMs())
                .isEqualTo(START_MS);
    }

    @Test
    void nothingIsGivenAwayWhereItIsNotClearWhoIsWho() throws IOException {
        agent("a1", series("a1", "a1"));
        places.add(places.getFirst());
        assertThat(source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED)).isEqualTo(PartPlan.NONE);
        places.clear();
        assertThat(source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED)).isEqualTo(PartPlan.NONE);
    }

    @Test
    void answersGoToAFileWhereMemoryIsShort(@TempDir Path directory) throws IOException {
        space = new FrameSpace(directory, 40, 1 << 20);
        agent("a1", series("a1", "a1")).parts(FakeAgent.Parts.ANSWERED);

        ask();

        assertThat(sink.values.get("a1")).hasSize(11);
        assertThat(space.spilledBytes()).isPositive();
    }

    @Test
    void theBudgetStopsIt() throws IOException {
        agent("a1", series("a1", "a1")).parts(FakeAgent.Parts.ANSWERED);
        PartPlan plan = source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED);

        assertThatThrownBy(() -> plan.parts().getFirst().ask(QUERY, sink, new NoMoreBytes()))
                .isInstanceOf(BudgetExceededException.class);
    }

    private static Map<ShippedRanges.Owner, List<TimeRange>> shippedUntil(
            String host, long endMs, TimeRange in) {
        TimeRange block = new TimeRange(endMs - 3_600_000, endMs);
        return block.startMs() < in.endMs() && in.startMs() < block.endMs()
                ? Map.of(new ShippedRanges.Owner("c", host), List.of(block))
                : Map.of();
    }

    private void ask() throws IOException {
        PartPlan plan = source().plan(QUERY, SELECTORS, ReadBudget.UNLIMITED);
        for (Part part : plan.parts()) {
            part.ask(QUERY, sink, ReadBudget.UNLIMITED);
        }
    }

    private double answers(String outcome) {
        return registry.counter("muster_query_part_answers", "outcome", outcome).count();
    }

    private AgentsSource source() {
        return new AgentsSource(
                () -> places,
                shipped,
                AgentHints.NONE,
                http,
                new AgentsConfig(timeout, 1 << 20, 100, 2),
                new PromQlEngine(EngineConfig.DEFAULT),
                space,
                () -> Instant.ofEpochMilli(NOW_MS),
                new AgentsSourceMetrics(registry));
    }

    private FakeAgent agent(String host, MemorySource source) throws IOException {
        FakeAgent agent =
                new FakeAgent(
                        source, () -> new CellView("c", "h", 0, List.of(), false, 0, true, NOW_MS));
        agents.add(agent);
        places.add(new AgentPlace("c", host, agent.url(), Optional.empty()));
        return agent;
    }

    private static MemorySource series(String instance, String host) {
        MemorySource source = new MemorySource();
        Labels labels =
                Labels.of("__name__", "up", "cell", "c", "host", host, "instance", instance);
        for (int i = 0; i < 90; i++) {
            source.add(labels, NOW_MS - 10_000L * i, 7);
        }
        return source;
    }

    private static URI unusedUrl() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private static final class Sink implements PartSink {
        private final Map<String, List<Double>> values = new TreeMap<>();
        private final List<PartRemark> remarks = new ArrayList<>();

        @Override
        public void series(PartSeries series) {
            List<Double> row =
                    values.computeIfAbsent(
                            series.labels().valueOf("instance"), _ -> new ArrayList<>());
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

    private static final class NoMoreBytes implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long bytes) {
            throw new BudgetExceededException("fetched-bytes", "no more bytes");
        }

        @Override
        public void check() {}
    }
}
