package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One value of each of some series at one time, in the order of the answer: sorted by labels only
/// where the query does not sort otherwise.
///
/// Immutable: the arrays given to it are its own.
public final class VectorValue implements QueryValue {
    private final List<Labels> labels;
    private final long timestampMs;
    private final double[] values;
    private final @Nullable NativeHistogram @Nullable [] histograms;

    /// @param histograms one for each series whose value is no number; null if all are
    VectorValue(
            List<Labels> labels,
            long timestampMs,
            double[] values,
            @Nullable NativeHistogram @Nullable [] histograms) {
        if (labels.size() != values.length) {
            throw new IllegalArgumentException(
                    "every series must have one value: series="
                            + labels.size()
                            + ", values="
                            + values.length);
        }
        this.labels = List.copyOf(labels);
        this.timestampMs = timestampMs;
        this.values = values;
        this.histograms = histograms;
    }

    @Override
    public ValueType type() {
        return ValueType.VECTOR;
    }

    /// How many series there are.
    public int size() {
        return values.length;
    }

    public Labels labels(int index) {
        return labels.get(index);
    }

    /// Time of the evaluation, the same for all series; Unix milliseconds.
    public long timestampMs() {
        return timestampMs;
    }

    /// The number of a series; undefined where its value is a histogram.
    public double value(int index) {
        return values[index];
    }

    /// The histogram of a series; null where its value is a number.
    public @Nullable NativeHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }
}
