package dev.muster.promql.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Laws that must hold for histograms of any shape; failures name their seed.
class HistogramPropertiesTest {
    private static final int SEEDS = 500;
    private static final long FIRST = Long.getLong("seed", 1);

    private static NativeHistogram random(Random random, int schema) {
        Buckets positive = buckets(random);
        Buckets negative = random.nextBoolean() ? Buckets.NONE : buckets(random);
        double zero = random.nextInt(5);
        return NativeHistogram.exponential(
                schema,
                CounterReset.UNKNOWN,
                Math.scalb(1.0, -30 + random.nextInt(3)),
                zero,
                positive.total() + negative.total() + zero,
                random.nextInt(1_000),
                positive,
                negative);
    }

    private static Buckets buckets(Random random) {
        TreeMap<Integer, Double> counts = new TreeMap<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            counts.put(random.nextInt(60) - 20, 1.0 + random.nextInt(100));
        }
        return Buckets.of(
                counts.keySet().stream().mapToInt(Integer::intValue).toArray(),
                counts.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    /// Counts by index at a schema, the plain way.
    private static Map<Integer, Double> plain(Buckets buckets, int from, int to) {
        Map<Integer, Double> counts = new TreeMap<>();
        for (int i = 0; i < buckets.size(); i++) {
            int index = (int) Math.ceil(buckets.index(i) / Math.scalb(1.0, from - to));
            counts.merge(index, buckets.count(i), Double::sum);
        }
        return counts;
    }

    private static Map<Integer, Double> plain(Buckets buckets) {
        return plain(buckets, 0, 0);
    }

    @Test
    void aSumCountsWhatBothCountAtTheCoarserResolution() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram one = random(random, random.nextInt(4));
            NativeHistogram other = random(random, random.nextInt(4));
            if (one.zeroThreshold() != other.zeroThreshold()) {
                continue;
            }
            int schema = Math.min(one.schema(), other.schema());
            HistogramSum sum = HistogramSum.of(one);
            sum.add(other, 1);

            Map<Integer, Double> expected = plain(one.positive(), one.schema(), schema);
            plain(other.positive(), other.schema(), schema)
                    .forEach((index, count) -> expected.merge(index, count, Double::sum));
            assertThat(plain(sum.result().positive())).as("seed %d", seed).isEqualTo(expected);
            assertThat(sum.result().count())
                    .as("seed %d", seed)
                    .isEqualTo(one.count() + other.count());
        }
    }

    @Test
    void whatIsAddedCanBeTakenAway() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram one = random(random, 2);
            NativeHistogram other = random(random, 2);
            if (one.zeroThreshold() < other.zeroThreshold()) {
                continue;
            }
            HistogramSum sum = HistogramSum.of(one);
            sum.add(other, 1);
            sum.add(other, -1);
            assertThat(Histograms.same(sum.result(), one)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void noCountIsLostWhenZeroBucketsDiffer() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram one = random(random, 0);
            Buckets buckets = buckets(random);
            NativeHistogram wide =
                    NativeHistogram.exponential(
                            1,
                            CounterReset.UNKNOWN,
                            random.nextDouble() * 8,
                            7,
                            7 + buckets.total(),
                            1,
                            buckets,
                            Buckets.NONE);
            // Its own buckets must lie outside of its zero bucket.
            HistogramSum own = HistogramSum.of(wide);
            own.add(
                    NativeHistogram.exponential(
                            1, CounterReset.UNKNOWN, 40, 0, 0, 0, Buckets.NONE, Buckets.NONE),
                    1);
            NativeHistogram clean = own.result();
            HistogramSum sum = HistogramSum.of(one);
            sum.add(clean, 1);
            NativeHistogram result = sum.result();
            double inBuckets =
                    result.zeroCount() + result.positive().total() + result.negative().total();
            double cleanBuckets = clean.zeroCount() + clean.positive().total();
            assertThat(inBuckets)
                    .as("seed %d", seed)
                    .isCloseTo(one.count() + cleanBuckets, within(1e-6));
        }
    }

    @Test
    void theFractionBelowAQuantileIsThatQuantile() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram histogram = random(random, random.nextInt(5));
            double quantile = random.nextDouble();
            double value = HistogramEstimates.quantile(quantile, histogram);
            double below = HistogramEstimates.fraction(Double.NEGATIVE_INFINITY, value, histogram);
            assertThat(below).as("seed %d", seed).isCloseTo(quantile, within(1e-9));
        }
    }

    @Test
    void whatIsTrimmedFromBothSidesIsTheWhole() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram histogram = random(random, random.nextInt(5));
            double limit = random.nextGaussian() * 20;
            double below = HistogramTrim.trimmed(histogram, limit, true).count();
            double above = HistogramTrim.trimmed(histogram, limit, false).count();
            double fraction =
                    HistogramEstimates.fraction(Double.NEGATIVE_INFINITY, limit, histogram);
            assertThat(below + above)
                    .as("seed %d", seed)
                    .isCloseTo(histogram.count(), within(1e-6));
            assertThat(below)
                    .as("seed %d", seed)
                    .isCloseTo(fraction * histogram.count(), within(1e-6));
        }
    }

    @Test
    void aCounterThatOnlyGrowsIsNeverReset() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Random random = new Random(seed);
            NativeHistogram before = random(random, 3);
            NativeHistogram more = random(random, random.nextInt(4));
            if (before.zeroThreshold() < more.zeroThreshold()) {
                continue;
            }
            HistogramSum sum = HistogramSum.of(before);
            sum.add(more, 1);
            NativeHistogram now = sum.result();
            assertThat(CounterResets.isReset(now, before)).as("seed %d", seed).isFalse();
            assertThat(CounterResets.isReset(before, now)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void theBoundsOfBucketsAreExactPowers() {
        for (int schema = NativeHistogram.MIN_SCHEMA;
                schema <= NativeHistogram.MAX_SCHEMA;
                schema++) {
            int perDoubling = schema < 0 ? 1 : 1 << schema;
            int doublings = schema < 0 ? 1 << -schema : 1;
            for (int i = -3; i <= 3; i++) {
                assertThat(BucketBounds.exponential(schema, i * perDoubling))
                        .isEqualTo(Math.scalb(1.0, i * doublings));
            }
            assertThat(BucketBounds.exponential(schema, 1))
                    .isCloseTo(
                            Math.pow(2, Math.pow(2, -schema)),
                            within(1e-9 * Math.pow(2, Math.pow(2, -schema))));
        }
        assertThat(BucketBounds.exponential(0, 1_024)).isEqualTo(Double.MAX_VALUE);
    }
}
