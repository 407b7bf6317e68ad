package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.function.DoubleUnaryOperator;

/// Arithmetic of a histogram with a number, and comparison of histograms.
public final class Histograms {
    private Histograms() {}

    /// All counts times a number. By a negative one it is no counter any more.
    public static NativeHistogram scaled(NativeHistogram histogram, double factor) {
        CounterReset reset = factor < 0 ? CounterReset.GAUGE : histogram.counterReset();
        return mapped(histogram, reset, count -> count * factor, true);
    }

    /// All counts divided by a number; by zero no bucket remains.
    public static NativeHistogram divided(NativeHistogram histogram, double by) {
        CounterReset reset = by < 0 ? CounterReset.GAUGE : histogram.counterReset();
        return mapped(histogram, reset, count -> count / by, by != 0);
    }

    /// Without empty buckets.
    public static NativeHistogram compacted(NativeHistogram histogram) {
        return hasEmpty(histogram.positive()) || hasEmpty(histogram.negative())
                ? mapped(histogram, histogram.counterReset(), count -> count, true)
                : histogram;
    }

    private static boolean hasEmpty(Buckets buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) == 0) {
                return true;
            }
        }
        return false;
    }

    private static NativeHistogram mapped(
            NativeHistogram histogram,
            CounterReset reset,
            DoubleUnaryOperator function,
            boolean keepBuckets) {
        double count = function.applyAsDouble(histogram.count());
        double sum = function.applyAsDouble(histogram.sum());
        Buckets positive = keepBuckets ? mapped(histogram.positive(), function) : Buckets.NONE;
        if (histogram.hasCustomBounds()) {
            return NativeHistogram.custom(reset, count, sum, histogram.customBounds(), positive);
        }
        return NativeHistogram.exponential(
                histogram.schema(),
                reset,
                histogram.zeroThreshold(),
                function.applyAsDouble(histogram.zeroCount()),
                count,
                sum,
                positive,
                keepBuckets ? mapped(histogram.negative(), function) : Buckets.NONE);
    }

    private static Buckets mapped(Buckets buckets, DoubleUnaryOperator function) {
        int[] indexes = new int[buckets.size()];
        double[] counts = new double[buckets.size()];
        int size = 0;
        for (int i = 0; i < indexes.length; i++) {
            double count = function.applyAsDouble(buckets.count(i));
            if (count != 0) {
                indexes[size] = buckets.index(i);
                counts[size++] = count;
            }
        }
        return Buckets.of(indexes, counts, size);
    }

    /// Do both count the same in the same buckets, whatever they say of resets?
    public static boolean same(NativeHistogram one, NativeHistogram other) {
        return compacted(one)
                .withCounterReset(CounterReset.UNKNOWN)
                .equals(compacted(other).withCounterReset(CounterReset.UNKNOWN));
    }

    /// What a histogram holds on to, about.
    public static long sizeBytes(NativeHistogram histogram) {
        return 160
                + 12L * (histogram.positive().size() + histogram.negative().size())
                + 8L * histogram.customBoundCount();
    }
}
