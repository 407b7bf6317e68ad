package dev.muster.query.source;

import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the steps of a query for which agents hold all samples there are. Thread-safe.
final class PartPlanner {
    /*
     * A series of an agent is in the agent's head, or in its blocks, or in both. A step is given to the agents only if
     * no block that this node can see holds a sample that any selector may need for it: then a select for that step
     * reads nothing but what agents answer, and each agent's own series are in its answer alone. So the parts together
     * hold what the select would hold, whatever the agents have dropped, lost or kept.
     *
     * A selector needs for the step t samples from range.startMs + (t - first step) on. No block with an end of E must
     * reach there: t >= first step + E - range.startMs. Blocks of agents that are gone count as all others.
     */
    private final AgentDirectory directory;
    private final ShippedRanges shipped;
    private final MissingAgent missing;
    private final SharedSelectors shared;
    private final Skipping skipping;
    private final AgentsSourceMetrics metrics;
    private final AgentPart.Way way;

    PartPlanner(
            AgentDirectory directory,
            ShippedRanges shipped,
            MissingAgent missing,
            SharedSelectors shared,
            Skipping skipping,
            AgentsSourceMetrics metrics,
            AgentPart.Way way) {
        this.directory = directory;
        this.shipped = shipped;
        this.missing = missing;
        this.shared = shared;
        this.skipping = skipping;
        this.metrics = metrics;
        this.way = way;
    }

    /// The same for other agents.
    PartPlanner over(AgentDirectory other) {
        return new PartPlanner(other, shipped, missing, shared, skipping, metrics, way);
    }

    PartPlan plan(PartQuery query, List<PartSelector> selectors) {
        if (shared.hasAny(selectors)) {
            return none("shared_series");
        }
        long startMs = query.steps().startMs();
        long fromMs = Math.max(startMs, afterBlocks(startMs, selectors));
        if (fromMs > query.steps().endMs()) {
            return none("blocks");
        }
        List<AgentPlace> agents = directory.agents();
        if (!distinct(agents)) {
            return none("ambiguous_agents");
        }
        TimeRange needed = needed(selectors, fromMs - startMs);
        List<Part> parts = new ArrayList<>();
        boolean any = false;
        BitSet skipped =
                skipping.of(agents, selectors.stream().map(PartSelector::matchers).toList());
        metrics.skipped(skipped.cardinality());
        for (int i = 0; i < agents.size(); i++) {
            AgentPlace agent = agents.get(i);
            Optional<TimeRange> gap =
                    skipped.get(i) ? Optional.empty() : AgentsSource.gapOf(agent, Map.of(), needed);
            if (gap.isPresent() && agent.absence().isPresent()) {
                parts.add(absent(agent, agent.absence().get(), gap.get()));
            } else if (gap.isPresent()) {
                parts.add(new AgentPart(agent, selectors, gap.get(), way));
                any = true;
            }
        }
        if (!any) {
            return none("no_agents");
        }
        metrics.parts().planned("delegated");
        return new PartPlan(fromMs, parts);
    }

    private PartPlan none(String outcome) {
        metrics.parts().planned(outcome);
        return PartPlan.NONE;
    }

    /// The first step that needs nothing of any block.
    private long afterBlocks(long startMs, List<PartSelector> selectors) {
        long fromMs = startMs;
        for (PartSelector selector : selectors) {
            TimeRange range = selector.range();
            for (List<TimeRange> blocks : shipped.in(range).values()) {
                for (TimeRange block : blocks) {
                    fromMs = Math.max(fromMs, startMs + (block.endMs() - range.startMs()));
                }
            }
        }
        return fromMs;
    }

    private static boolean distinct(List<AgentPlace> agents) {
        Set<ShippedRanges.Owner> owners = new HashSet<>();
        for (AgentPlace agent : agents) {
            if (!owners.add(new ShippedRanges.Owner(agent.cell(), agent.host()))) {
                return false;
            }
        }
        return true;
    }

    /// What the steps that are given away need of all selectors.
    private static TimeRange needed(List<PartSelector> selectors, long laterMs) {
        long startMs = Long.MAX_VALUE;
        long endMs = Long.MIN_VALUE;
        for (PartSelector selector : selectors) {
            startMs = Math.min(startMs, selector.range().startMs() + laterMs);
            endMs = Math.max(endMs, selector.range().endMs());
        }
        return new TimeRange(Math.min(startMs, endMs - 1), endMs);
    }

    private Part absent(AgentPlace agent, AgentPlace.Absence absence, TimeRange gap) {
        String warning = missing.absent(agent, absence, missing.time("samples", gap));
        return new AbsentPart(AgentPart.name(agent), warning);
    }

    /// An agent that cannot be asked.
    private record AbsentPart(String name, String warning) implements Part {
        @Override
        public void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
            sink.remark(PartRemark.storage(warning));
        }
    }
}
