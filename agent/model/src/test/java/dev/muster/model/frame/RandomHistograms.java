package dev.muster.model.frame;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Random;

/// A series of histograms as they come: mostly counters that grow in the same buckets, with now and
/// then another shape, another schema, odd numbers.
final class RandomHistograms {
    private static final double[] ODD = {
        -0.0, -1, 0.5, 1e300, 0x1p53, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
    };

    private final Random random;
    private NativeHistogram last;

    RandomHistograms(Random random) {
        this.random = random;
        last = fresh();
    }

    NativeHistogram next() {
        last = random.nextInt(8) == 0 ? fresh() : grown();
        return last;
    }

    private NativeHistogram grown() {
        Buckets positive = grown(last.positive());
        double sum = last.sum() + random.nextDouble();
        double count = last.count() + random.nextInt(5);
        if (last.hasCustomBounds()) {
            return NativeHistogram.custom(
                    CounterReset.NOT_RESET, count, sum, last.customBounds(), positive);
        }
        return NativeHistogram.exponential(
                last.schema(),
                CounterReset.NOT_RESET,
                last.zeroThreshold(),
                random.nextInt(9) == 0 ? odd() : last.zeroCount(),
                count,
                sum,
                positive,
                last.negative());
    }

    private Buckets grown(Buckets buckets) {
        int[] indexes = new int[buckets.size()];
        double[] counts = new double[buckets.size()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = buckets.index(i);
            counts[i] = buckets.count(i) + (random.nextInt(3) == 0 ? random.nextInt(1_000) : 0);
        }
        return Buckets.of(indexes, counts);
    }

    private NativeHistogram fresh() {
        CounterReset reset = CounterReset.values()[random.nextInt(4)];
        if (random.nextInt(3) == 0) {
            double[] bounds = new double[random.nextInt(5)];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = i * 2.5 - 1;
            }
            return NativeHistogram.custom(
                    reset, count(), odd(), bounds, buckets(0, 1 + bounds.length));
        }
        return NativeHistogram.exponential(
                random.nextInt(13) - 4,
                reset,
                random.nextInt(3) * 1e-128,
                count(),
                count(),
                odd(),
                buckets(random.nextInt(), 20),
                buckets(random.nextInt(), 5));
    }

    private Buckets buckets(int firstIndex, int most) {
        int[] indexes = new int[random.nextInt(most)];
        double[] counts = new double[indexes.length];
        int index = Math.min(firstIndex, Integer.MAX_VALUE - 10_000);
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = index;
            counts[i] = count();
            index += most == 20 ? 1 + random.nextInt(300) : 1;
        }
        return Buckets.of(indexes, counts);
    }

    private double count() {
        return random.nextInt(10) == 0 ? odd() : random.nextInt(1_000);
    }

    private double odd() {
        return random.nextBoolean() ? random.nextGaussian() : ODD[random.nextInt(ODD.length)];
    }
}
