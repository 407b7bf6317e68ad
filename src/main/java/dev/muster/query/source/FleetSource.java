package dev.muster.query.source;

import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.util.List;

/// All series of the fleet, and who can answer parts of queries for the newest of them.
///
/// @param all agents and blocks
/// @param recent the agents, whose series are in `all`, too
public record FleetSource(QuerySource all, PartSource recent) implements QuerySource, PartSource {
    @Override
    public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget)
            throws IOException {
        return recent.plan(query, selectors, budget);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return all.select(request);
    }

    @Override
    public ReadEstimate estimate(SelectRequest request) throws IOException {
        return all.estimate(request);
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        return all.names(request);
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        return all.values(name, request);
    }
}
