package dev.muster.head;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Histograms for tests: of all kinds, and as a series of them grows.
public final class Histograms {
    private Histograms() {}

    /// Any histogram at all.
    public static NativeHistogram random(Random random) {
        boolean integers = random.nextInt(4) > 0;
        CounterReset reset = CounterReset.values()[random.nextInt(4)];
        if (random.nextInt(4) == 0) {
            double[] bounds = new double[random.nextInt(12)];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = (i == 0 ? -1 : bounds[i - 1]) + random.nextDouble() + 0.001;
            }
            int first = random.nextInt(bounds.length + 1);
            Buckets buckets = buckets(random, integers, first, bounds.length + 1 - first);
            return NativeHistogram.custom(
                    reset, count(random, integers), random.nextGaussian(), bounds, buckets);
        }
        return NativeHistogram.exponential(
                random.nextInt(13) - 4,
                reset,
                random.nextBoolean() ? 0x1p-128 : random.nextDouble(),
                count(random, integers),
                count(random, integers),
                random.nextInt(8) == 0 ? Double.NaN : random.nextGaussian() * 1e6,
                buckets(random, integers, random.nextInt(2_000) - 1_000, random.nextInt(40)),
                buckets(random, integers, -3, random.nextInt(4)));
    }

    private static Buckets buckets(Random random, boolean integers, int first, int most) {
        int[] indexes = new int[most];
        double[] counts = new double[most];
        int size = 0;
        for (int i = 0; i < most; i++) {
            if (random.nextInt(3) > 0) {
                indexes[size] = first + i;
                counts[size++] = count(random, integers);
            }
        }
        return Buckets.of(indexes, counts, size);
    }

    private static double count(Random random, boolean integers) {
        return switch (random.nextInt(integers ? 4 : 6)) {
            case 0 -> 0;
            case 1 -> random.nextInt(100);
            case 2 -> random.nextLong(1L << 53);
            case 3 -> 1L << 53;
            case 4 -> -0.0;
            default -> random.nextDouble() * 1_000;
        };
    }

    /// The next one of a series, which often has the same layout as the last, often the same
    /// counts, and sometimes nothing in common.
    public static NativeHistogram next(@Nullable NativeHistogram last, Random random) {
        int kind = random.nextInt(20);
        if (last == null || kind == 0) {
            return random(random);
        }
        if (kind < 4) {
            return last.withCounterReset(CounterReset.NOT_RESET);
        }
        double[] positive = new double[last.positive().size()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = last.positive().count(i) + (kind < 16 ? random.nextInt(2) : 0.5);
        }
        double[] negative = new double[last.negative().size()];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = last.negative().count(i) + random.nextInt(2);
        }
        return last.withCounts(
                CounterReset.UNKNOWN,
                last.zeroCount(),
                last.count() + 1,
                last.sum() + random.nextDouble(),
                positive,
                negative);
    }
}
