package dev.muster.query.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.view.CellView;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.query.FakeAgent;
import dev.muster.query.rules.RuleSample;
import dev.muster.query.source.AgentPlace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Labels SERIES = Labels.of("__name__", "job:up:sum", "job", "node");
    private static final Supplier<CellView> NO_VIEW =
            () -> {
                throw new IllegalStateException("nobody asks for views");
            };

    private final List<MemorySource> stores = new ArrayList<>();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final List<AgentPlace> places = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Outbox outbox = outbox(1 << 20);

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 3; i++) {
            MemorySource store = new MemorySource();
            FakeAgent agent = new FakeAgent(store, NO_VIEW);
            stores.add(store);
            agents.add(agent);
            places.add(new AgentPlace("c", "h" + i, agent.url(), Optional.empty()));
        }
    }

    @AfterEach
    void stop() {
        outbox.close();
        agents.forEach(FakeAgent::close);
        http.shutdownNow();
    }

    private Outbox outbox(long queueBytes) {
        return new Outbox(
                new ForwardConfig(
                        2,
                        queueBytes,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Optional.empty()),
                () -> List.copyOf(places),
                http,
                new ForwardMetrics(registry));
    }

    @Test
    void twoAgentsHoldWhatAGroupRecordsAndReadersSeeOneValue() throws IOException {
        GroupSamples group = new GroupSamples(outbox, "rules.yml;g");
        for (int i = 1; i <= 5; i++) {
            assertThat(group.append(new RuleSample(SERIES, i, null), i * 1_000L)).isEmpty();
            group.settle();
        }
        await().until(() -> outbox.queuedBytes() == 0);
        assertThat(holders()).hasSize(2);
        assertThat(values()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(agents.stream().flatMap(agent -> agent.origins().stream()))
                .hasSize(10)
                .containsOnly("rules/rules.yml%3Bg 1");
        assertThat(registry.counter("muster_forward_samples", "outcome", "taken").count())
                .isEqualTo(10);
    }

    @Test
    void whatAnAgentThatDiesDoesNotTakeGoesToAnother() throws IOException {
        GroupSamples group = new GroupSamples(outbox, "g");
        var _ = group.append(new RuleSample(SERIES, 1, null), 1_000);
        group.settle();
        await().until(() -> outbox.queuedBytes() == 0);
        int first = holders().iterator().next();
        agents.get(first).close();
        var _ = group.append(new RuleSample(SERIES, 2, null), 2_000);
        group.flush();
        await().until(() -> outbox.queuedBytes() == 0);
        assertThat(holders()).hasSize(3);
        MemorySource dead = stores.set(first, new MemorySource());
        assertThat(dead.series().get(SERIES)).hasSize(1);
        assertThat(values()).containsExactly(1.0, 2.0);
    }

    @Test
    void whatNobodyTakesNowWaitsAndTheQueueIsBounded() throws IOException {
        outbox.close();
        outbox = outbox(100);
        agents.forEach(agent -> agent.writes(503));
        GroupSamples group = new GroupSamples(outbox, "g");
        int taken = 0;
        Optional<String> refused = Optional.empty();
        while (refused.isEmpty()) {
            refused = group.append(new RuleSample(SERIES, ++taken, null), taken * 1_000L);
            group.flush();
        }
        assertThat(refused.get()).contains("forward queue is full");
        assertThat(taken).isBetween(2, 10);
        agents.forEach(agent -> agent.writes(204));
        await().until(() -> outbox.queuedBytes() == 0);
        assertThat(values()).hasSize(taken - 1);
    }

    @Test
    void whatIsRefusedForGoodIsCountedAndNotSentAgain() {
        agents.forEach(agent -> agent.writes(400));
        GroupSamples group = new GroupSamples(outbox, "g");
        var _ = group.append(new RuleSample(SERIES, 1, null), 1_000);
        group.flush();
        await().until(() -> outbox.queuedBytes() == 0);
        assertThat(registry.counter("muster_forward_samples", "outcome", "refused").count())
                .isEqualTo(2);
    }

    private Set<Integer> holders() {
        Set<Integer> holders = new TreeSet<>();
        for (int i = 0; i < stores.size(); i++) {
            if (stores.get(i).series().containsKey(SERIES)) {
                holders.add(i);
            }
        }
        return holders;
    }

    private List<Double> values() throws IOException {
        MergedSource all =
                new MergedSource(
                        stores.stream()
                                .map(store -> new MergedSource.Part("agent", store))
                                .toList());
        SampleColumns columns = new SampleColumns();
        try (SeriesSet set =
                all.select(
                        SelectRequest.of(
                                TimeRange.closed(0, 1_000_000),
                                List.of(LabelMatcher.equal("job", "node"))))) {
            assertThat(set.size()).isOne();
            set.reader().read(0, columns);
        }
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(columns.values()[i]);
        }
        return values;
    }
}
