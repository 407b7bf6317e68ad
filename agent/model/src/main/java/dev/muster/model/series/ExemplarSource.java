package dev.muster.model.series;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// Where exemplars are read from. Thread-safe.
public interface ExemplarSource {
    /// The exemplars of the series that match one of the sets of matchers.
    ///
    /// @param range exemplars wanted: `range.startMs() <= t < range.endMs()`
    /// @param anyOf a series matches when all matchers of one of these sets hold
    /// @return by ascending labels, series without exemplars left out; bounded by what the source
    ///   keeps
    List<SeriesExemplars> exemplars(TimeRange range, List<List<LabelMatcher>> anyOf)
            throws IOException;
}
