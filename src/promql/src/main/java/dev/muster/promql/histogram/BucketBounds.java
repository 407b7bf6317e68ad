package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import java.math.BigDecimal;
import java.math.MathContext;

/// Bounds of the buckets of histograms, rounded to the nearest double.
final class BucketBounds {
    private static final int FINEST = NativeHistogram.MAX_SCHEMA;

    /// `2^(k/256) / 2` at `k`.
    private static final double[] FRACTIONS = fractions();

    private BucketBounds() {}

    private static double[] fractions() {
        MathContext digits = new MathContext(40);
        BigDecimal root = BigDecimal.TWO;
        for (int i = 0; i < FINEST; i++) {
            root = root.sqrt(digits);
        }
        double[] fractions = new double[1 << FINEST];
        BigDecimal value = new BigDecimal("0.5");
        for (int i = 0; i < fractions.length; i++) {
            fractions[i] = value.doubleValue();
            value = value.multiply(root, digits);
        }
        return fractions;
    }

    /// The upper bound of bucket `index` above zero.
    static double upper(NativeHistogram histogram, int index) {
        return histogram.hasCustomBounds()
                ? custom(histogram, index)
                : exponential(histogram.schema(), index);
    }

    /// The lower bound of bucket `index` above zero.
    static double lower(NativeHistogram histogram, int index) {
        return upper(histogram, index - 1);
    }

    private static double custom(NativeHistogram histogram, int index) {
        if (index < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return index < histogram.customBoundCount()
                ? histogram.customBound(index)
                : Double.POSITIVE_INFINITY;
    }

    /// The upper bound of bucket `index` above zero with an exponential schema. The bucket that
    /// would end just past the greatest double ends at it.
    static double exponential(int schema, int index) {
        if (schema <= 0) {
            long exponent = (long) index << -schema;
            return exponent == Double.MAX_EXPONENT + 1
                    ? Double.MAX_VALUE
                    : Math.scalb(1.0, clamped(exponent));
        }
        int position = index & ((1 << schema) - 1);
        double fraction = FRACTIONS[position << (FINEST - schema)];
        long exponent = ((long) index >> schema) + 1;
        if (position == 0 && exponent == Double.MAX_EXPONENT + 2) {
            return Double.MAX_VALUE;
        }
        return Math.scalb(fraction, clamped(exponent));
    }

    private static int clamped(long exponent) {
        return (int) Math.clamp(exponent, -3_000L, 3_000L);
    }

    /// The bucket that holds bucket `index` when `steps` powers of two of buckets become one.
    static int coarser(int index, int steps) {
        return ((index - 1) >> steps) + 1;
    }
}
