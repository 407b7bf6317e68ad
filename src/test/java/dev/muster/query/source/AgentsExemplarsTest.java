package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.view.CellView;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import dev.muster.query.FakeAgent;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentsExemplarsTest {
    private static final long NOW_MS = 1_767_225_600_000L;
    private static final TimeRange RANGE = new TimeRange(NOW_MS - 10_000, NOW_MS);
    private static final Labels UP = Labels.of("__name__", "up");
    private static final List<List<LabelMatcher>> WANTED =
            List.of(List.of(LabelMatcher.equal("__name__", "up")));
    private static final Exemplar FIRST =
            new Exemplar(Labels.of("trace_id", "a"), 1, NOW_MS - 3_000);
    private static final Exemplar SECOND =
            new Exemplar(Labels.of("trace_id", "b"), 2, NOW_MS - 2_000);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final List<AgentPlace> places = new ArrayList<>();

    @AfterEach
    void close() {
        agents.forEach(FakeAgent::close);
        http.shutdownNow();
    }

    private FakeAgent agent(String host, Exemplar... exemplars) throws IOException {
        FakeAgent agent =
                new FakeAgent(
                        new MemorySource(),
                        () -> new CellView("c", "h", 0, List.of(), false, 0, true, NOW_MS));
        agent.exemplars(List.of(new SeriesExemplars(UP, List.of(exemplars))));
        agents.add(agent);
        places.add(new AgentPlace("c", host, agent.url(), Optional.empty()));
        return agent;
    }

    private AgentsExemplars source() {
        return new AgentsExemplars(
                () -> places, http, Duration.ofSeconds(1), () -> Instant.ofEpochMilli(NOW_MS));
    }

    @Test
    void joinsWhatAgentsHaveOfASeries() throws IOException {
        agent("a1", FIRST, SECOND);
        agent("a2", SECOND);

        assertThat(source().exemplars(RANGE, WANTED, ReadBudget.UNLIMITED))
                .isEqualTo(
                        new FleetExemplars.Found(
                                List.of(new SeriesExemplars(UP, List.of(FIRST, SECOND))),
                                List.of()));
    }

    @Test
    void namesAnAgentThatIsAwayOrSilent() throws IOException {
        agent("a1", FIRST);
        agent("a2", SECOND).fallSilent();
        places.add(
                new AgentPlace(
                        "c",
                        "a3",
                        agents.getFirst().url(),
                        Optional.of(new AgentPlace.Absence("unreachable", NOW_MS - 5_000, true))));

        FleetExemplars.Found found = source().exemplars(RANGE, WANTED, ReadBudget.UNLIMITED);

        assertThat(found.series()).containsExactly(new SeriesExemplars(UP, List.of(FIRST)));
        assertThat(found.warnings())
                .containsExactlyInAnyOrder(
                        "agent a2 of cell c is missing (did not answer in time): its exemplars from"
                                + " 2025-12-31T23:59:50Z until 2026-01-01T00:00:00Z may be missing",
                        "agent a3 of cell c is missing (unreachable, since 2025-12-31T23:59:55Z):"
                            + " its exemplars from 2025-12-31T23:59:50Z until 2026-01-01T00:00:00Z"
                            + " may be missing");
    }

    @Test
    void theBudgetStopsIt() throws IOException {
        agent("a1", FIRST, SECOND);

        assertThatThrownBy(() -> source().exemplars(RANGE, WANTED, new OneSample()))
                .isInstanceOf(BudgetExceededException.class);
    }

    private static final class OneSample implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {
            if (count > 1) {
                throw new BudgetExceededException("samples", "samples=" + count);
            }
        }

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {}
    }
}
