package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Series with one value each, in the order in which they came. Confined to one thread at a time.
final class InstantLane {
    /// What a series holds on to beside its labels.
    static final long SERIES_BYTES = 24;

    private final List<Labels> labels = new ArrayList<>();
    private double[] values = new double[16];
    private @Nullable NativeHistogram @Nullable [] histograms;

    int size() {
        return labels.size();
    }

    void add(Labels series, double value, @Nullable NativeHistogram histogram) {
        int at = labels.size();
        if (at == values.length) {
            values = Arrays.copyOf(values, 2 * at);
        }
        labels.add(series);
        values[at] = value;
        if (histogram != null) {
            if (histograms == null) {
                histograms = new @Nullable NativeHistogram[values.length];
            } else if (histograms.length <= at) {
                histograms = Arrays.copyOf(histograms, values.length);
            }
            histograms[at] = histogram;
        }
    }

    void addAll(InstantLane next) {
        for (int i = 0; i < next.size(); i++) {
            add(next.labels.get(i), next.values[i], next.histogram(i));
        }
    }

    private @Nullable NativeHistogram histogram(int index) {
        return histograms == null || index >= histograms.length ? null : histograms[index];
    }

    /// Are two of the label sets equal?
    boolean hasDuplicates() {
        boolean ascends = true;
        for (int i = 1; i < labels.size() && ascends; i++) {
            Labels before = labels.get(i - 1);
            ascends = before.compareTo(labels.get(i)) < 0;
        }
        if (ascends) {
            return false;
        }
        Set<Labels> seen = new HashSet<>();
        for (Labels each : labels) {
            if (!seen.add(each)) {
                return true;
            }
        }
        return false;
    }

    /// The first series as an answer.
    VectorValue value(int size, long timestampMs) {
        return new VectorValue(
                labels.subList(0, size),
                timestampMs,
                Arrays.copyOf(values, size),
                histograms == null ? null : Arrays.copyOf(histograms, size));
    }
}
