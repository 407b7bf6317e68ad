package dev.muster.model.series;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.util.List;

/// What is asked of a [SeriesSource].
///
/// @param range samples wanted: `range.startMs() <= t < range.endMs()`
/// @param matchers all of them must hold; empty asks for every series
/// @param samples false if only the labels are wanted: [SampleReader#read] may then yield nothing
/// @param budget charged for what is read, and asked whether to go on
public record SelectRequest(
        TimeRange range, List<LabelMatcher> matchers, boolean samples, ReadBudget budget) {
    public SelectRequest {
        matchers = List.copyOf(matchers);
    }

    /// A request for labels and samples without a limit.
    public static SelectRequest of(TimeRange range, List<LabelMatcher> matchers) {
        return new SelectRequest(range, matchers, true, ReadBudget.UNLIMITED);
    }

    public SelectRequest withoutSamples() {
        return new SelectRequest(range, matchers, false, budget);
    }

    public SelectRequest withBudget(ReadBudget newBudget) {
        return new SelectRequest(range, matchers, samples, newBudget);
    }

    public SelectRequest withRange(TimeRange newRange) {
        return new SelectRequest(newRange, matchers, samples, budget);
    }
}
