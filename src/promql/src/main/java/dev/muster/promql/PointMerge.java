package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Joins series of an answer that have the same labels, as they lose their names, unless they have
/// values at the same step.
final class PointMerge {
    private PointMerge() {}

    /// @param sorted by labels
    static List<MatrixSeries> merged(List<MatrixSeries> sorted) throws QueryException {
        List<MatrixSeries> merged = new ArrayList<>(sorted.size());
        for (MatrixSeries series : sorted) {
            if (!merged.isEmpty() && merged.getLast().labels().equals(series.labels())) {
                merged.set(merged.size() - 1, merged(merged.getLast(), series));
            } else {
                merged.add(series);
            }
        }
        return merged;
    }

    private static MatrixSeries merged(MatrixSeries a, MatrixSeries b) throws QueryException {
        int size = a.size() + b.size();
        long[] times = new long[size];
        double[] values = new double[size];
        @Nullable NativeHistogram[] histograms = new @Nullable NativeHistogram[size];
        boolean any = false;
        int i = 0;
        int k = 0;
        for (int out = 0; out < size; out++) {
            if (i < a.size() && k < b.size() && a.timestampMs(i) == b.timestampMs(k)) {
                throw SeriesMerge.duplicate();
            }
            boolean first = k == b.size() || (i < a.size() && a.timestampMs(i) < b.timestampMs(k));
            MatrixSeries from = first ? a : b;
            int at = first ? i++ : k++;
            times[out] = from.timestampMs(at);
            values[out] = from.value(at);
            histograms[out] = from.histogram(at);
            any |= histograms[out] != null;
        }
        return new MatrixSeries(a.labels(), times, values, any ? histograms : null);
    }
}
