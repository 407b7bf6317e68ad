package dev.muster.query.source;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// Where a query node finds exemplars. Thread-safe.
@FunctionalInterface
public interface FleetExemplars {
    /// Exemplars, and what is missing from them.
    ///
    /// @param series by ascending labels, exemplars ascending in time
    /// @param warnings in words for people; empty when the answer is whole
    record Found(List<SeriesExemplars> series, List<String> warnings) {
        public Found {
            series = List.copyOf(series);
            warnings = List.copyOf(warnings);
        }
    }

    /// @param anyOf a series is wanted when all matchers of one of these sets hold
    /// @param budget charged for series, and for exemplars as for samples
    Found exemplars(TimeRange range, List<List<LabelMatcher>> anyOf, ReadBudget budget)
            throws IOException;
}
