package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.view.CellView;
import dev.muster.model.frame.FrameSpace;
import dev.muster.model.hint.NameFilter;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentsSourceTest {
    private static final long NOW_MS = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final TimeRange LAST_HOUR = new TimeRange(NOW_MS - 3_600_000, NOW_MS);
    private static final SelectRequest REQUEST = SelectRequest.of(LAST_HOUR, List.of());

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final List<AgentPlace> places = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private AgentHints hints = AgentHints.NONE;
    private ShippedRanges shipped = ShippedRanges.none();
    private Duration timeout = Duration.ofSeconds(10);
    private long answerLimitBytes = 1 << 20;
    private int maxRequests = 100;
    private FrameSpace space = new FrameSpace(Path.of("."), 1 << 20, 0);

    @AfterEach
    void close() {
        agents.forEach(FakeAgent::close);
        http.shutdownNow();
    }

    @Test
    void mergesTheAnswersOfAllAgents() throws IOException {
        agent("a1", series("a1", 3));
        agent("a2", series("a2", 3));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.size()).isEqualTo(2);
            assertThat(set.warnings()).isEmpty();
            SampleColumns columns = new SampleColumns();
            set.reader().read(1, columns);
            assertThat(set.labels(1).valueOf("host")).isEqualTo("a2");
            assertThat(columns.size()).isEqualTo(3);
        }
        assertThat(source().values("host", REQUEST).texts()).containsExactly("a1", "a2");
        assertThat(source().names(REQUEST).texts()).containsExactly("__name__", "host");
    }

    @Test
    void anAnswerLeavesItsConnectionToTheNext() throws IOException {
        FakeAgent agent = agent("a1", series("a1", 3));
        AgentsSource source = source();
        for (int i = 0; i < 5; i++) {
            source.select(REQUEST).close();
        }
        assertThat(agent.selects()).isEqualTo(5);
        assertThat(agent.selectConnections()).isOne();
    }

    @Test
    void namesAnAgentThatRefusesTheConnection() throws IOException {
        agent("a1", series("a1", 1));
        places.add(new AgentPlace("c", "a2", unusedUrl(), Optional.empty()));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.size()).isOne();
            assertThat(set.warnings())
                    .containsExactly(
                            "agent a2 of cell c is missing (connection refused): its samples from"
                                    + " 2026-01-01T11:00:00Z until 2026-01-01T12:00:00Z may be"
                                    + " missing");
            assertThat(set.completeness().ratio()).isEqualTo(0.5);
        }
        assertThat(source().names(REQUEST).warnings()).hasSize(1);
        assertThat(source().names(REQUEST).completeness().ratio()).isEqualTo(0.5);
    }

    @Test
    void doesNotAskAnAgentThatIsDownAndSaysWhatItMayHold() throws IOException {
        FakeAgent down = agent("a1", series("a1", 1), absence("down", NOW_MS - 600_000, false));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.warnings())
                    .containsExactly(
                            "agent a1 of cell c is missing (down, since 2026-01-01T11:50:00Z): its"
                                    + " samples from 2026-01-01T11:00:00Z until"
                                    + " 2026-01-01T11:50:10Z may be missing");
        }
        assertThat(down.selects()).isZero();
        TimeRange later = new TimeRange(NOW_MS - 300_000, NOW_MS);
        try (SeriesSet set = source().select(REQUEST.withRange(later))) {
            assertThat(set.warnings()).isEmpty();
        }
    }

    @Test
    void anUnreachableAgentMayStillCollect() throws IOException {
        agent("a1", series("a1", 1), absence("unreachable", NOW_MS - 600_000, true));
        TimeRange later = new TimeRange(NOW_MS - 300_000, NOW_MS);
        try (SeriesSet set = source().select(REQUEST.withRange(later))) {
            assertThat(set.warnings()).singleElement().asString().contains("unreachable");
        }
    }

    @Test
    void neitherAsksNorMissesAnAgentWhoseBlocksCoverTheRequest() throws IOException {
        FakeAgent asked = agent("a1", series("a1", 1));
        agent("a2", series("a2", 1), absence("down", NOW_MS, false));
        shipped =
                range ->
                        Map.of(
                                new ShippedRanges.Owner("c", "a1"), List.of(LAST_HOUR),
                                new ShippedRanges.Owner("c", "a2"), List.of(LAST_HOUR));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.size()).isZero();
            assertThat(set.warnings()).isEmpty();
        }
        assertThat(asked.selects()).isZero();
        assertThat(registry.counter("muster_query_agents_pruned").count()).isEqualTo(2);
    }

    @Test
    void goesWithoutAnAgentThatIsTooSlow() throws IOException {
        timeout = Duration.ofMillis(200);
        agent("a1", series("a1", 1)).fallSilent();
        agent("a2", series("a2", 1));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.size()).isOne();
            assertThat(set.warnings())
                    .singleElement()
                    .asString()
                    .contains("agent a1 of cell c is missing (did not answer in time)");
        }
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() throws IOException {
        answerLimitBytes = 50;
        agent("a1", series("a1", 1_000));
        assertThatThrownBy(() -> source().select(REQUEST))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("query needs more data of one agent than may be held: limitBytes=50");
    }

    @Test
    void saysWhatAnAgentAnsweredInstead() throws IOException {
        SeriesSource broken =
                request -> {
                    throw new IOException("disk is gone");
                };
        agent("a1", broken);
        agent("a2", series("a2", 1));
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(set.size()).isOne();
            assertThat(set.warnings()).singleElement().asString().contains("agent a1 of cell c");
        }
    }

    @Test
    void answersThatDoNotFitInMemoryGoToAFileUntilTheSetIsClosed(@TempDir Path directory)
            throws IOException {
        int memoryBytes = 20_000;
        space = new FrameSpace(directory, memoryBytes, 1 << 20);
        answerLimitBytes = 1 << 20;
        maxRequests = 2;
        for (int i = 0; i < 5; i++) {
            agent("a" + i, series("a" + i, 3_000));
        }
        try (SeriesSet set = source().select(REQUEST)) {
            assertThat(space.memoryBytes()).isBetween(1L, (long) memoryBytes);
            assertThat(space.diskBytes()).isPositive();
            SampleReader reader = set.reader();
            SampleColumns columns = new SampleColumns();
            for (int i = 4; i >= 0; i--) {
                columns.clear();
                reader.read(i, columns);
                assertThat(columns.size()).isEqualTo(3_000);
                assertThat(columns.values()[2_999]).isEqualTo(1.7);
            }
            assertThat(directory).isEmptyDirectory();
        }
        assertThat(space.memoryBytes()).isZero();
        assertThat(space.diskBytes()).isZero();
        assertThat(space.spilledBytes()).isPositive();
    }

    @Test
    void aQueryWhoseAnswersFitNowhereIsStoppedAndGivesAllBack(@TempDir Path directory)
            throws IOException {
        space = new FrameSpace(directory, 20_000, 8_000);
        agent("a1", series("a1", 3_000));
        agent("a2", series("a2", 3_000));
        assertThatThrownBy(() -> source().select(REQUEST))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage(
                        "answers of agents must not take more bytes on disk than all queries may"
                                + " have together: limitBytes=8000");
        assertThat(space.memoryBytes()).isZero();
        assertThat(space.diskBytes()).isZero();
        assertThat(space.refused()).isPositive();
    }

    @Test
    void doesNotAskAnAgentThatHoldsNoSuchMetric() throws IOException {
        FakeAgent first = agent("a1", named("a_total"));
        FakeAgent second = agent("a2", named("b_total"));
        FakeAgent unknown = agent("a3", named("b_total"));
        Map<String, byte[]> filters =
                Map.of(
                        "a1", NameFilter.of(List.of("a_total")),
                        "a2", NameFilter.of(List.of("b_total")));
        hints = place -> Optional.ofNullable(filters.get(place.host()));
        SelectRequest request =
                SelectRequest.of(LAST_HOUR, List.of(LabelMatcher.equal("__name__", "b_total")));
        assertThat(source().estimate(request)).isEqualTo(ReadEstimate.ofAgents(2, 1));
        try (SeriesSet set = source().select(request)) {
            assertThat(set.size()).isEqualTo(1);
            assertThat(set.completeness().ratio()).isEqualTo(1);
        }
        assertThat(first.selects()).isZero();
        assertThat(second.selects()).isOne();
        assertThat(unknown.selects()).isOne();
        assertThat(registry.counter("muster_query_agents_skipped").count()).isEqualTo(1);
    }

    @Test
    void aNameThatNobodyIsKnownToHoldIsAskedOfAll() throws IOException {
        agent("a1", named("a_total"));
        agent("a2", named("new_total"));
        hints = _ -> Optional.of(NameFilter.of(List.of("a_total")));
        SelectRequest request =
                SelectRequest.of(LAST_HOUR, List.of(LabelMatcher.equal("__name__", "new_total")));
        try (SeriesSet set = source().select(request)) {
            assertThat(set.size()).isEqualTo(1);
        }
    }

    /// Whatever is asked of whatever agents, of which some tell what they hold: the answer is the
    /// same as if none did.
    @Test
    void answersTheSameWithHintsAsWithout() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        Map<String, byte[]> filters = new HashMap<>();
        for (int i = 0; i < 6; i++) {
            MemorySource source = new MemorySource();
            Set<String> names = new HashSet<>();
            for (int n = random.nextInt(12); n > 0; n--) {
                String name = name(random);
                if (names.add(name)) {
                    source.add(Labels.of("__name__", name, "host", "a" + i), NOW_MS - 1_000, n);
                }
            }
            agent("a" + i, source);
            if (random.nextInt(4) > 0) {
                names.add(name(random)); // one that is gone by now
                filters.put("a" + i, NameFilter.of(names));
            }
        }
        for (int i = 0; i < 40; i++) {
            LabelMatcher matcher =
                    switch (random.nextInt(4)) {
                        case 0 -> LabelMatcher.equal("__name__", name(random));
                        case 1 -> LabelMatcher.regex("__name__", name(random) + "|" + name(random));
                        case 2 -> LabelMatcher.regex("__name__", name(random).charAt(0) + "_.*");
                        default -> LabelMatcher.notEqual("__name__", name(random));
                    };
            SelectRequest request = SelectRequest.of(LAST_HOUR, List.of(matcher));
            hints = AgentHints.NONE;
            List<String> without = answer(request);
            hints = place -> Optional.ofNullable(filters.get(place.host()));
            assertThat(answer(request)).as("seed=%d %s", seed, matcher).isEqualTo(without);
        }
    }

    private static String name(Random random) {
        return "%c_%c_total".formatted('a' + random.nextInt(4), 'a' + random.nextInt(4));
    }

    private List<String> answer(SelectRequest request) throws IOException {
        List<String> series = new ArrayList<>();
        try (SeriesSet set = source().select(request)) {
            SampleColumns columns = new SampleColumns();
            SampleReader reader = set.reader();
            for (int i = 0; i < set.size(); i++) {
                columns.clear();
                reader.read(i, columns);
                series.add(set.labels(i) + " " + columns.values()[0]);
            }
            series.addAll(set.warnings());
        }
        return series;
    }

    private static MemorySource named(String name) {
        MemorySource source = new MemorySource();
        source.add(Labels.of("__name__", name), NOW_MS - 1_000, 1);
        return source;
    }

    private AgentsSource source() {
        return new AgentsSource(
                () -> places,
                shipped,
                hints,
                http,
                new AgentsConfig(timeout, answerLimitBytes, maxRequests, 2),
                new PromQlEngine(EngineConfig.DEFAULT),
                space,
                () -> Instant.ofEpochMilli(NOW_MS),
                new AgentsSourceMetrics(registry));
    }

    private FakeAgent agent(String host, SeriesSource source) throws IOException {
        return agent(host, source, Optional.empty());
    }

    private FakeAgent agent(String host, SeriesSource source, Optional<AgentPlace.Absence> absence)
            throws IOException {
        FakeAgent agent = new FakeAgent(source, AgentsSourceTest::noView);
        agents.add(agent);
        places.add(new AgentPlace("c", host, agent.url(), absence));
        return agent;
    }

    private static CellView noView() {
        return new CellView("c", "h", 0, List.of(), false, 0, true, NOW_MS);
    }

    private static Optional<AgentPlace.Absence> absence(
            String cause, long sinceMs, boolean collects) {
        return Optional.of(new AgentPlace.Absence(cause, sinceMs, collects));
    }

    private static MemorySource series(String host, int samples) {
        MemorySource source = new MemorySource();
        for (int i = 1; i <= samples; i++) {
            source.add(Labels.of("__name__", "up", "host", host), NOW_MS - 1_000L * i, i * 1.7);
        }
        return source;
    }

    private static URI unusedUrl() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
