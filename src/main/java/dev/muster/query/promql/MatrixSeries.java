package dev.muster.query.promql;

import dev.muster.model.labels.Labels;

/// The points of one series, ascending in time. Immutable: the arrays given to it are its own.
public final class MatrixSeries {
    private final Labels labels;
    private final long[] timestampsMs;
    private final double[] values;

    MatrixSeries(Labels labels, long[] timestampsMs, double[] values) {
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

    public double value(int index) {
        return values[index];
    }
}
