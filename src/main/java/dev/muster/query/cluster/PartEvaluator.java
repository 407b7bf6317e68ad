package dev.muster.query.cluster;

import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.QueryException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSink;
import java.io.IOException;

/// Evaluates a part of a query; the engine.
@FunctionalInterface
public interface PartEvaluator {
    /// @param budget asked whether to go on
    /// @throws QueryException if the query has no answer
    /// @throws IOException if the source cannot be read, or the sink not be written
    void part(
            SeriesSource source,
            PartQuery query,
            PartSink sink,
            ShareLimits limits,
            ReadBudget budget)
            throws QueryException, IOException;
}
