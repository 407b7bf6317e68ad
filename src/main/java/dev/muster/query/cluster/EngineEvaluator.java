package dev.muster.query.cluster;

import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSink;
import java.io.IOException;

/// The engine, held to the limits of this node and of the node that asks. Thread-safe.
public final class EngineEvaluator implements PartEvaluator {
    private final EngineConfig own;

    /// @param own limits of this node
    public EngineEvaluator(EngineConfig own) {
        this.own = own;
    }

    @Override
    public void part(
            SeriesSource source,
            PartQuery query,
            PartSink sink,
            ShareLimits limits,
            ReadBudget budget)
            throws QueryException, IOException {
        new PromQlEngine(within(limits))
                .part(source, query, sink, QueryOptions.DEFAULT.withBudget(budget));
    }

    private EngineConfig within(ShareLimits limits) {
        return own.toBuilder()
                .maxSamples(Math.min(own.maxSamples(), limits.samples()))
                .maxSeries(Math.min(own.maxSeries(), limits.series()))
                .maxFetchedBytes(Math.min(own.maxFetchedBytes(), limits.fetchedBytes()))
                .maxMemoryBytes(Math.min(own.maxMemoryBytes(), limits.memoryBytes()))
                .build();
    }
}
