package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.util.Arrays;
import java.util.List;
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

    /// What it holds on to, in bytes, labels left out.
    public long sizeBytes() {
        return 64 + 16L * size() + (histograms == null ? 0 : 500L * size());
    }

    /// The points from one time to another, both included; null if there is none.
    @Nullable MatrixSeries between(long firstMs, long lastMs) {
        int from = 0;
        while (from < size() && timestampsMs[from] < firstMs) {
            from++;
        }
        int to = size();
        while (to > from && timestampsMs[to - 1] > lastMs) {
            to--;
        }
        if (from == to) {
            return null;
        }
        return from == 0 && to == size()
                ? this
                : new MatrixSeries(
                        labels,
                        Arrays.copyOfRange(timestampsMs, from, to),
                        Arrays.copyOfRange(values, from, to),
                        histograms == null ? null : Arrays.copyOfRange(histograms, from, to));
    }

    /// Points of the same series, one after another in time.
    static MatrixSeries inSequence(List<MatrixSeries> pieces) {
        if (pieces.size() == 1) {
            return pieces.getFirst();
        }
        int size = pieces.stream().mapToInt(MatrixSeries::size).sum();
        boolean anyHistograms = pieces.stream().anyMatch(piece -> piece.histograms != null);
        long[] times = new long[size];
        double[] values = new double[size];
        @Nullable NativeHistogram @Nullable [] histograms =
                anyHistograms ? new @Nullable NativeHistogram[size] : null;
        int at = 0;
        for (MatrixSeries piece : pieces) {
            System.arraycopy(piece.timestampsMs, 0, times, at, piece.size());
            System.arraycopy(piece.values, 0, values, at, piece.size());
            if (histograms != null && piece.histograms != null) {
                System.arraycopy(piece.histograms, 0, histograms, at, piece.size());
            }
            at += piece.size();
        }
        return new MatrixSeries(pieces.getFirst().labels, times, values, histograms);
    }
}
