package dev.muster.query.source;

import dev.muster.model.frame.FrameSpace;
import dev.muster.model.frame.FrameStore;
import dev.muster.model.merge.MergedSeriesSet;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.merge.Together;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The recent data of all agents. Each is asked at the same time; one that is known to be away, or
/// does not answer in time, is a warning that names it and the time of which its samples may be
/// missing. An agent whose blocks cover the whole request is not asked, nor one that is known to
/// hold no such metric.
public final class AgentsSource implements QuerySource, PartSource {
    /// How much clocks of two machines may differ before a moment is taken for another.
    private static final long CLOCK_SLACK_MS = 10_000;

    private final AgentDirectory directory;
    private final ShippedRanges shipped;
    private final AgentClient client;
    private final InstantSource clock;
    private final MissingAgent missing;
    private final FrameSpace space;
    private final Turns turns;
    private final AgentsSourceMetrics metrics;
    private final PartPlanner planner;
    private final Skipping skipping;

    /// @param hints know what agents hold
    /// @param engine evaluates parts of queries for agents that do not
    /// @param space where answers are until they are read
    public AgentsSource(
            AgentDirectory directory,
            ShippedRanges shipped,
            AgentHints hints,
            HttpClient http,
            AgentsConfig config,
            PromQlEngine engine,
            FrameSpace space,
            InstantSource clock,
            AgentsSourceMetrics metrics) {
        this.directory = directory;
        this.shipped = shipped;
        this.client = new AgentClient(http, config.timeout(), config.answerLimitBytes());
        this.clock = clock;
        missing = new MissingAgent(clock);
        this.space = space;
        turns = new Turns(config.maxRequests(), metrics::waited);
        this.metrics = metrics;
        skipping = new Skipping(hints);
        PartsMetrics parts = metrics.parts();
        SharedSelectors shared = new SharedSelectors(clock::millis);
        planner =
                new PartPlanner(
                        directory,
                        shipped,
                        missing,
                        shared,
                        skipping,
                        metrics,
                        new AgentPart.Way(
                                client,
                                space,
                                turns,
                                new Turns(config.maxFallbacks(), parts::fallbackWaited),
                                this::samplesOf,
                                engine,
                                shared,
                                missing,
                                parts));
    }

    @Override
    public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget) {
        return planner.plan(query, selectors);
    }

    /// The samples of one agent alone.
    private SeriesSource samplesOf(AgentPlace agent) {
        return request -> select(request, List.of(agent));
    }

    private AgentsSource(AgentDirectory directory, AgentsSource like) {
        this.directory = directory;
        shipped = like.shipped;
        client = like.client;
        missing = like.missing;
        space = like.space;
        turns = like.turns;
        clock = like.clock;
        metrics = like.metrics;
        skipping = like.skipping;
        planner = like.planner.over(directory);
    }

    /// Only these agents, within the same limits.
    public AgentsSource where(Predicate<AgentPlace> wanted) {
        return new AgentsSource(() -> directory.agents().stream().filter(wanted).toList(), this);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return select(request, directory.agents());
    }

    private SeriesSet select(SelectRequest request, List<AgentPlace> agents) throws IOException {
        FrameStore store = space.open();
        try {
            return new StoredSeriesSet(select(request, agents, store), store);
        } catch (IOException | RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private SeriesSet select(SelectRequest request, List<AgentPlace> agents, FrameStore store)
            throws IOException {
        List<Together.Task<Answer>> tasks = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Completeness completeness = Completeness.NONE;
        Map<ShippedRanges.Owner, List<TimeRange>> blocks = shipped.in(request.range());
        BitSet skipped = skipping.of(agents, List.of(request.matchers()));
        metrics.skipped(skipped.cardinality());
        for (int i = 0; i < agents.size(); i++) {
            AgentPlace agent = agents.get(i);
            Optional<TimeRange> gap = gapOf(agent, blocks, request.range());
            if (gap.isEmpty()) {
                metrics.pruned();
            } else if (skipped.get(i)) {
                completeness = completeness.plus(Completeness.present(past(gap.get())));
            } else if (agent.absence().isPresent()) {
                metrics.missing();
                warnings.add(missing.absent(agent, agent.absence().get(), samples(gap.get())));
                completeness = completeness.plus(Completeness.missing(past(gap.get())));
            } else {
                tasks.add(() -> ask(agent, gap.get(), request, store));
            }
        }
        List<SeriesSet> sets = new ArrayList<>();
        for (Answer answer : Together.run(tasks, request.budget())) {
            if (answer.set != null) {
                sets.add(answer.set);
            } else {
                warnings.add(answer.warning);
            }
            completeness = completeness.plus(answer.completeness);
        }
        return MergedSeriesSet.of(sets, warnings, completeness, request.budget());
    }

    @Override
    public ReadEstimate estimate(SelectRequest request) {
        List<AgentPlace> agents = directory.agents();
        Map<ShippedRanges.Owner, List<TimeRange>> blocks = shipped.in(request.range());
        BitSet skipped = skipping.of(agents, List.of(request.matchers()));
        long asked = 0;
        for (int i = 0; i < agents.size(); i++) {
            AgentPlace agent = agents.get(i);
            boolean needed = gapOf(agent, blocks, request.range()).isPresent();
            asked += needed && !skipped.get(i) && agent.absence().isEmpty() ? 1 : 0;
        }
        return ReadEstimate.ofAgents(asked, skipped.cardinality());
    }

    /// The part of a range that has happened yet: nobody is expected to answer for more.
    private TimeRange past(TimeRange range) {
        long nowMs = clock.millis();
        return range.startMs() < nowMs && nowMs < range.endMs()
                ? new TimeRange(range.startMs(), nowMs)
                : range;
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                set.labels(i).forEach((name, value) -> names.add(name));
            }
            return new Texts(names, set.warnings(), set.completeness());
        }
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        SortedSet<String> values = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                String value = set.labels(i).get(name);
                if (value != null) {
                    values.add(value);
                }
            }
            return new Texts(values, set.warnings(), set.completeness());
        }
    }

    private String samples(TimeRange gap) {
        return missing.time("samples", gap);
    }

    private record Answer(@Nullable SeriesSet set, String warning, Completeness completeness) {}

    /// The time for which only the agent can answer.
    static Optional<TimeRange> gapOf(
            AgentPlace agent, Map<ShippedRanges.Owner, List<TimeRange>> blocks, TimeRange range) {
        var owner = new ShippedRanges.Owner(agent.cell(), agent.host());
        List<TimeRange> covered = new ArrayList<>(blocks.getOrDefault(owner, List.of()));
        agent.absence()
                .filter(absence -> !absence.collects())
                .map(absence -> absence.sinceMs() + CLOCK_SLACK_MS)
                .filter(goneMs -> goneMs < range.endMs())
                .ifPresent(goneMs -> covered.add(new TimeRange(goneMs, Long.MAX_VALUE)));
        return Gap.of(range, covered);
    }

    private Answer ask(AgentPlace agent, TimeRange gap, SelectRequest request, FrameStore store)
            throws IOException {
        try (var _ = turns.take(request.budget())) {
            return answer(agent, gap, request, store);
        }
    }

    private Answer answer(
            AgentPlace agent, TimeRange gap, SelectRequest request, FrameStore store) {
        long startNanos = System.nanoTime();
        try {
            SeriesSet set = client.select(agent, request, store);
            metrics.answered(System.nanoTime() - startNanos);
            return new Answer(set, "", Completeness.present(past(gap)));
        } catch (BudgetExceededException e) {
            throw e;
        } catch (IOException | SlowAgentException e) {
            request.budget().check();
            metrics.failed(System.nanoTime() - startNanos);
            return new Answer(
                    null, missing.silent(agent, e, samples(gap)), Completeness.missing(past(gap)));
        }
    }
}
