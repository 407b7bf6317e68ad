package dev.muster.promql.part;

import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.List;

/// A source whose series lie in places that can answer parts of queries themselves. Thread-safe.
public interface PartSource extends SeriesSource {
    /// Who can answer that. Called often, so cheap; does not ask the parts.
    ///
    /// @param query with all steps of the expression
    /// @param selectors what its selectors read, one or more
    /// @param budget asked whether to go on
    /// @throws IOException if nobody can tell; the query then fails
    PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget)
            throws IOException;
}
