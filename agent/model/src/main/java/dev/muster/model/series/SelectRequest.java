package dev.muster.model.series;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is asked of a [SeriesSource].
///
/// @param range samples wanted: `range.startMs() <= t < range.endMs()`
/// @param matchers all of them must hold; empty asks for every series
/// @param samples false if only the labels are wanted: [SampleReader#read] may then yield nothing
/// @param budget charged for what is read, and asked whether to go on
/// @param looks which samples suffice; null if all are wanted. A source may yield more
public record SelectRequest(
        TimeRange range,
        List<LabelMatcher> matchers,
        boolean samples,
        ReadBudget budget,
        @Nullable Looks looks) {
    public SelectRequest {
        matchers = List.copyOf(matchers);
    }

    /// A request for all samples in the range.
    public SelectRequest(
            TimeRange range, List<LabelMatcher> matchers, boolean samples, ReadBudget budget) {
        this(range, matchers, samples, budget, null);
    }

    /// A request for labels and samples without a limit.
    public static SelectRequest of(TimeRange range, List<LabelMatcher> matchers) {
        return new SelectRequest(range, matchers, true, ReadBudget.UNLIMITED);
    }

    public SelectRequest withoutSamples() {
        return new SelectRequest(range, matchers, false, budget, null);
    }

    public SelectRequest withBudget(ReadBudget newBudget) {
        return new SelectRequest(range, matchers, samples, newBudget, looks);
    }

    public SelectRequest withRange(TimeRange newRange) {
        return new SelectRequest(newRange, matchers, samples, budget, looks);
    }

    /// The same with the newest samples at some times alone.
    ///
    /// @param newLooks null for all samples
    public SelectRequest withLooks(@Nullable Looks newLooks) {
        return new SelectRequest(range, matchers, samples, budget, newLooks);
    }
}
