package dev.muster.query.source;

import dev.muster.model.frame.ExemplarAnswer;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.Together;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The exemplars of all agents, which nobody else keeps. Each is asked at the same time; one that
/// is away, or does not answer in time, is a warning that names it.
public final class AgentsExemplars implements FleetExemplars {
    private static final Comparator<Exemplar> ORDER =
            Comparator.comparingLong(Exemplar::timestampMs)
                    .thenComparing(Exemplar::labels)
                    .thenComparingDouble(Exemplar::value);

    private final AgentDirectory directory;
    private final AgentClient client;
    private final MissingAgent missing;

    /// @param timeout for the whole answer of one agent
    public AgentsExemplars(
            AgentDirectory directory, HttpClient http, Duration timeout, InstantSource clock) {
        this.directory = directory;
        client = new AgentClient(http, timeout, Long.MAX_VALUE);
        missing = new MissingAgent(clock);
    }

    @Override
    public Found exemplars(TimeRange range, List<List<LabelMatcher>> anyOf, ReadBudget budget)
            throws IOException {
        ExemplarRequest request = new ExemplarRequest(range, anyOf);
        List<Together.Task<Answer>> tasks = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (AgentPlace agent : directory.agents()) {
            Optional<TimeRange> gap = AgentsSource.gapOf(agent, Map.of(), range);
            if (gap.isPresent() && agent.absence().isPresent()) {
                String lack = missing.time("exemplars", gap.get());
                warnings.add(missing.absent(agent, agent.absence().get(), lack));
            } else if (gap.isPresent()) {
                tasks.add(() -> ask(agent, request, budget));
            }
        }
        SortedMap<Labels, TreeSet<Exemplar>> found = new TreeMap<>();
        for (Answer answer : Together.run(tasks, budget)) {
            if (answer.exemplars == null) {
                warnings.add(answer.warning);
            } else {
                if (answer.exemplars.cut()) {
                    warnings.add(answer.warning);
                }
                answer.exemplars.series().forEach(series -> add(series, found));
            }
        }
        return new Found(
                found.entrySet().stream()
                        .map(series ->
                                new SeriesExemplars(
                                        series.getKey(), List.copyOf(series.getValue())))
                        .toList(),
                warnings);
    }

    private static void add(SeriesExemplars series, SortedMap<Labels, TreeSet<Exemplar>> found) {
        found.computeIfAbsent(series.series(), _ -> new TreeSet<>(ORDER))
                .addAll(series.exemplars());
    }

    /// @param warning to be shown where there are no exemplars, or not all
    private record Answer(@Nullable ExemplarAnswer exemplars, String warning) {}

    private Answer ask(AgentPlace agent, ExemplarRequest request, ReadBudget budget) {
        try {
            return new Answer(
                    client.exemplars(agent.url(), request, budget),
                    "agent "
                            + agent.host()
                            + " of cell "
                            + agent.cell()
                            + " has more exemplars than an answer may hold");
        } catch (BudgetExceededException e) {
            throw e;
        } catch (IOException | SlowAgentException e) {
            budget.check();
            String lack = missing.time("exemplars", request.range());
            return new Answer(null, missing.silent(agent, e, lack));
        }
    }
}
