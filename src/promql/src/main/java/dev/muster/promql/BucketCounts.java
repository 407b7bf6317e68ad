package dev.muster.promql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The buckets of one classic histogram at one step, cumulative. Reused; confined to one thread.
final class BucketCounts {
    /// Relative difference of neighbours that is taken for an error of rounding.
    private static final double TOLERANCE = 1e-12;

    private double[] bounds = new double[16];
    private double[] counts = new double[16];
    private int size;
    private Annotations.@Nullable Forced forced;

    void clear() {
        size = 0;
        forced = null;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// Adds a bucket, in any order.
    void add(double upperBound, double count) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        int at = size++;
        while (at > 0 && bounds[at - 1] > upperBound) {
            bounds[at] = bounds[at - 1];
            counts[at] = counts[at - 1];
            at--;
        }
        bounds[at] = upperBound;
        counts[at] = count;
    }

    /// What the last quantile had to correct; null if nothing.
    Annotations.@Nullable Forced forced() {
        return forced;
    }

    /// The quantile, interpolated in its bucket on a straight line.
    double quantile(double quantile) {
        if (Double.isNaN(quantile)) {
            return Numbers.NAN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Numbers.NAN;
        }
        coalesce();
        correctRounding();
        Annotations.Forced correction = forceMonotonic();
        if (size < 2 || counts[size - 1] == 0) {
            return Numbers.NAN;
        }
        forced = correction;
        double rank = quantile * counts[size - 1];
        int bucket = 0;
        while (bucket < size - 1 && !(counts[bucket] >= rank)) {
            bucket++;
        }
        if (bucket == size - 1) {
            return bounds[size - 2];
        }
        if (bucket == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = 0;
        double count = counts[bucket];
        if (bucket > 0) {
            start = bounds[bucket - 1];
            count -= counts[bucket - 1];
            rank -= counts[bucket - 1];
        }
        return start + (bounds[bucket] - start) * (rank / count);
    }

    /// Which part of the observations lies between two values.
    double fraction(double lower, double upper) {
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Numbers.NAN;
        }
        coalesce();
        double total = counts[size - 1];
        if (total == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Numbers.NAN;
        }
        if (lower >= upper) {
            return 0;
        }
        return (Math.min(rank(upper), total) - Math.min(rank(lower), total)) / total;
    }

    /// How many observations are below a value.
    private double rank(double value) {
        double rank = 0;
        double lowerBound = bounds[0] > 0 ? 0 : Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                lowerBound = bounds[i - 1];
            }
            if (lowerBound >= value) {
                return rank;
            }
            if (bounds[i] > value) {
                return rank + (counts[i] - rank) * (value - lowerBound) / (bounds[i] - lowerBound);
            }
            rank = counts[i];
        }
        return counts[size - 1];
    }

    /// Adds up buckets with the same bound.
    private void coalesce() {
        int kept = 0;
        for (int i = 1; i < size; i++) {
            if (bounds[i] == bounds[kept]) {
                counts[kept] += counts[i];
            } else {
                kept++;
                bounds[kept] = bounds[i];
                counts[kept] = counts[i];
            }
        }
        size = kept + 1;
    }

    private void correctRounding() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            double difference = Math.abs(counts[i] - before);
            if (difference == 0) {
                continue;
            }
            if (difference / counts[i] <= TOLERANCE) {
                counts[i] = before;
            } else {
                before = counts[i];
            }
        }
    }

    /// Raises every count that is below the one before it.
    private Annotations.@Nullable Forced forceMonotonic() {
        double most = counts[0];
        double first = Double.NaN;
        double last = Double.NaN;
        double difference = 0;
        for (int i = 1; i < size; i++) {
            if (counts[i] > most) {
                most = counts[i];
            } else if (counts[i] < most) {
                difference = Math.max(difference, most - counts[i]);
                first = Double.isNaN(first) ? bounds[i] : first;
                last = bounds[i];
                counts[i] = most;
            }
        }
        return Double.isNaN(first) ? null : new Annotations.Forced(first, last, difference);
    }
}
