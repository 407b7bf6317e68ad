package dev.muster.query.rules;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import org.jspecify.annotations.Nullable;

/// A value of a series.
///
/// @param value the number; undefined where there is a histogram
/// @param histogram null where the value is a number
public record RuleSample(Labels labels, double value, @Nullable NativeHistogram histogram) {
    /// The end of a series.
    static RuleSample stale(Labels labels) {
        return new RuleSample(labels, Staleness.STALE, null);
    }
}
