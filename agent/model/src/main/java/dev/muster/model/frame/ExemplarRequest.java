package dev.muster.model.frame;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.util.List;

/// What a query node asks of the exemplars of an agent.
///
/// @param range exemplars wanted: `range.startMs() <= t < range.endMs()`
/// @param anyOf a series is wanted when all matchers of one of these sets hold
public record ExemplarRequest(TimeRange range, List<List<LabelMatcher>> anyOf) {
    public ExemplarRequest {
        anyOf = anyOf.stream().map(List::copyOf).toList();
    }
}
