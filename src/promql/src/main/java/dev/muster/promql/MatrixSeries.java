package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import org.jspecify.annotations.Nullable;

/// The points of one series, ascending in time. Immutable: the arrays given to it are its own.
public final class MatrixSeries {
    private final Labels labels;
    private final long[] timestampsMs;
    private final double[] values;
    private final @Nullable NativeHistogram @Nullable [] histograms;

    /// @param histograms one for each point that is none a number; null if all are
    MatrixSeries(
            Labels labels,
            long[] timestampsMs,
            double[] values,
            @Nullable NativeHistogram @Nullable [] histograms) {
        if (timestampsMs.length != values.length) {
            throw new IllegalArgumentException(
                    "every time must have one value: times="
                            + timestampsMs.length
                            + ", values="
                            + values.length);
        }
        this.labels = labels;
        this.timestampsMs = timestampsMs;
        this.values = values;
        this.histograms = histograms;
    }

    public Labels labels() {
        return labels;
    }

    /// How many points there are.
    public int size() {
        return values.length;
    }

    /// Time of a point, Unix milliseconds.
    public long timestampMs(int index) {
        return timestampsMs[index];
    }

    /// The number of a point; undefined where it is a histogram.
    public double value(int index) {
        return values[index];
    }

    /// The histogram of a point; null where it is a number.
    public @Nullable NativeHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }
}
