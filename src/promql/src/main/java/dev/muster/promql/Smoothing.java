package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.promql.histogram.CounterResets;
import dev.muster.promql.histogram.HistogramSum;
import dev.muster.promql.histogram.Histograms;
import org.jspecify.annotations.Nullable;

/// Values of a series between its samples, on a straight line.
final class Smoothing {
    private final SampleColumns samples;
    private final Remarks remarks;

    Smoothing(SampleColumns samples, Remarks remarks) {
        this.samples = samples;
        this.remarks = remarks;
    }

    /// The sample itself.
    void at(int index, StepColumn into, int step) {
        NativeHistogram histogram = samples.histogram(index);
        if (histogram == null) {
            into.set(step, samples.values()[index]);
        } else {
            into.set(step, histogram);
        }
    }

    /// The value at a time between sample `index` and the next one; nothing if one is a number and
    /// the other a histogram, or the buckets cannot be added.
    void between(int index, long timeMs, StepColumn into, int step) {
        NativeHistogram before = samples.histogram(index);
        NativeHistogram after = samples.histogram(index + 1);
        if (before == null && after == null) {
            into.set(step, Rate.interpolate(samples, index, timeMs, false));
        } else if (before == null || after == null) {
            remarks.mixedTypes();
        } else {
            boolean counter = after.counterReset() != CounterReset.GAUGE;
            NativeHistogram value = interpolate(samples, index, timeMs, counter, remarks);
            if (value != null) {
                into.set(step, value);
            }
        }
    }

    /// The histogram at a time between two; after a reset of a counter the line starts at zero.
    ///
    /// @return null if the buckets of the two cannot be added, which is remarked
    static @Nullable NativeHistogram interpolate(
            SampleColumns samples, int index, long timeMs, boolean counter, Remarks remarks) {
        NativeHistogram before = histogram(samples, index);
        NativeHistogram after = histogram(samples, index + 1);
        long[] times = samples.timestampsMs();
        double share =
                (double) (timeMs - times[index]) / (double) (times[index + 1] - times[index]);
        HistogramSum sum = HistogramSum.of(after);
        if (!sum.takes(before)) {
            remarks.mixedSchemas();
            return null;
        }
        if (counter && CounterResets.isReset(after, before)) {
            return Histograms.scaled(after, share).withCounterReset(CounterReset.RESET);
        }
        sum.scale(share);
        sum.add(before, 1 - share);
        return sum.result().withCounterReset(after.counterReset());
    }

    /// The histogram of a sample that is known to be one.
    static NativeHistogram histogram(SampleColumns samples, int index) {
        NativeHistogram histogram = samples.histogram(index);
        if (histogram == null) {
            throw new IllegalStateException("sample must be a histogram: index=" + index);
        }
        return histogram;
    }
}
