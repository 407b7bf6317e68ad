package dev.muster.model.histogram;

import java.util.Arrays;

/// A distribution of observations at one moment, as Prometheus' native histograms carry it: counts
/// as doubles, whether they were exposed as integers or not. Immutable.
///
/// With an exponential `schema` s, bucket i holds the observations in `(2^((i-1)/2^s), 2^(i/2^s)]`,
/// or of the same size below zero; those nearer to zero than `zeroThreshold` are in the zero
/// bucket. With [#CUSTOM_SCHEMA], bucket i holds those in `(customBounds[i-1], customBounds[i]]`,
/// the first from minus infinity and one after the last bound to plus infinity; there are neither
/// negative buckets nor a zero bucket.
///
/// Counts may be negative or NaN: results of arithmetic are histograms, too. Source: Prometheus'
/// native histogram specification.
public final class NativeHistogram {
    /// The coarsest exponential schema: each bucket is 65,536 times as wide as the one before.
    public static final int MIN_SCHEMA = -4;

    /// The finest exponential schema: 256 buckets from a power of two to the next.
    public static final int MAX_SCHEMA = 8;

    /// The schema of buckets with bounds of their own.
    public static final int CUSTOM_SCHEMA = -53;

    private static final double[] NO_BOUNDS = {};

    private final int schema;
    private final CounterReset counterReset;
    private final double zeroThreshold;
    private final double zeroCount;
    private final double count;
    private final double sum;
    private final Buckets positive;
    private final Buckets negative;
    private final double[] customBounds;

    private NativeHistogram(
            int schema,
            CounterReset counterReset,
            double zeroThreshold,
            double zeroCount,
            double count,
            double sum,
            Buckets positive,
            Buckets negative,
            double[] customBounds) {
        this.schema = schema;
        this.counterReset = counterReset;
        this.zeroThreshold = zeroThreshold;
        this.zeroCount = zeroCount;
        this.count = count;
        this.sum = sum;
        this.positive = positive;
        this.negative = negative;
        this.customBounds = customBounds;
    }

    /// A histogram with exponential buckets.
    ///
    /// @param schema from [#MIN_SCHEMA] to [#MAX_SCHEMA]
    /// @param zeroThreshold width of the zero bucket to each side; not negative
    public static NativeHistogram exponential(
            int schema,
            CounterReset counterReset,
            double zeroThreshold,
            double zeroCount,
            double count,
            double sum,
            Buckets positive,
            Buckets negative) {
        if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
            throw new IllegalArgumentException(
                    "histogram schema must be from -4 to 8: schema=" + schema);
        }
        if (!(zeroThreshold >= 0)) {
            throw new IllegalArgumentException(
                    "zero threshold must not be negative: zeroThreshold=" + zeroThreshold);
        }
        return new NativeHistogram(
                schema,
                counterReset,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                positive,
                negative,
                NO_BOUNDS);
    }

    /// A histogram with bounds of its own.
    ///
    /// @param bounds upper bounds, strictly ascending, finite
    /// @param buckets by index into `bounds`; index `bounds.length` is the bucket without a bound
    public static NativeHistogram custom(
            CounterReset counterReset, double count, double sum, double[] bounds, Buckets buckets) {
        for (int i = 0; i < bounds.length; i++) {
            if (!Double.isFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1])) {
                throw new IllegalArgumentException(
                        "custom bounds must be finite and ascend: bounds["
                                + i
                                + "]="
                                + bounds[i]
                                + (i > 0 ? " after " + bounds[i - 1] : ""));
            }
        }
        if (buckets.size() > 0
                && (buckets.index(0) < 0 || buckets.index(buckets.size() - 1) > bounds.length)) {
            throw new IllegalArgumentException(
                    "custom buckets must have indexes from 0 to the number of bounds: bounds="
                            + bounds.length
                            + ", first="
                            + buckets.index(0)
                            + ", last="
                            + buckets.index(buckets.size() - 1));
        }
        return new NativeHistogram(
                CUSTOM_SCHEMA,
                counterReset,
                0,
                0,
                count,
                sum,
                buckets,
                Buckets.NONE,
                bounds.clone());
    }

    /// The resolution, or [#CUSTOM_SCHEMA].
    public int schema() {
        return schema;
    }

    public boolean hasCustomBounds() {
        return schema == CUSTOM_SCHEMA;
    }

    public CounterReset counterReset() {
        return counterReset;
    }

    /// Observations from `-zeroThreshold` to `zeroThreshold` are in the zero bucket.
    public double zeroThreshold() {
        return zeroThreshold;
    }

    public double zeroCount() {
        return zeroCount;
    }

    /// The number of observations, NaN among them, which are in no bucket.
    public double count() {
        return count;
    }

    /// The sum of observations.
    public double sum() {
        return sum;
    }

    /// Buckets above zero; all of them where the bounds are custom.
    public Buckets positive() {
        return positive;
    }

    /// Buckets below zero, by the index of the bucket of the same size above.
    public Buckets negative() {
        return negative;
    }

    /// How many custom bounds there are; 0 for exponential buckets.
    public int customBoundCount() {
        return customBounds.length;
    }

    /// The upper bound of custom bucket `index`.
    public double customBound(int index) {
        return customBounds[index];
    }

    /// A copy of the custom bounds.
    public double[] customBounds() {
        return customBounds.clone();
    }

    /// How many samples it stands for where samples are counted to bound memory: one for every 16
    /// bytes, about.
    public int weightInSamples() {
        int buckets = positive.size() + negative.size();
        return 4 + (buckets * 3 + customBounds.length * 2) / 4;
    }

    /// The same histogram with another word on resets.
    public NativeHistogram withCounterReset(CounterReset newCounterReset) {
        return newCounterReset == counterReset
                ? this
                : new NativeHistogram(
                        schema,
                        newCounterReset,
                        zeroThreshold,
                        zeroCount,
                        count,
                        sum,
                        positive,
                        negative,
                        customBounds);
    }

    /// A histogram of the same layout, which it shares, with other counts.
    public NativeHistogram withCounts(
            CounterReset newCounterReset,
            double newZeroCount,
            double newCount,
            double newSum,
            double[] newPositive,
            double[] newNegative) {
        return new NativeHistogram(
                schema,
                newCounterReset,
                zeroThreshold,
                newZeroCount,
                newCount,
                newSum,
                positive.withCounts(newPositive),
                negative.withCounts(newNegative),
                customBounds);
    }

    /// Have both the same schema, zero threshold, custom bounds and buckets, whatever their counts?
    public boolean sameLayout(NativeHistogram other) {
        return schema == other.schema
                && sameBits(zeroThreshold, other.zeroThreshold)
                && positive.sameIndexes(other.positive)
                && negative.sameIndexes(other.negative)
                && sameBounds(other);
    }

    /// Have both the same custom bounds? Also true when neither has any.
    public boolean sameBounds(NativeHistogram other) {
        return Arrays.equals(customBounds, other.customBounds);
    }

    /// The same bits everywhere, [#counterReset()] included.
    @Override
    public boolean equals(Object other) {
        return other instanceof NativeHistogram that
                && schema == that.schema
                && counterReset == that.counterReset
                && sameBits(zeroThreshold, that.zeroThreshold)
                && sameBits(zeroCount, that.zeroCount)
                && sameBits(count, that.count)
                && sameBits(sum, that.sum)
                && positive.equals(that.positive)
                && negative.equals(that.negative)
                && sameBounds(that);
    }

    private static boolean sameBits(double one, double other) {
        return Double.doubleToLongBits(one) == Double.doubleToLongBits(other);
    }

    @Override
    public int hashCode() {
        int hash = 31 * schema + Double.hashCode(count);
        hash = 31 * hash + Double.hashCode(sum);
        hash = 31 * hash + positive.hashCode();
        return 31 * hash + negative.hashCode();
    }

    @Override
    public String toString() {
        return "NativeHistogram[schema="
                + schema
                + ", counterReset="
                + counterReset
                + ", zeroThreshold="
                + zeroThreshold
                + ", zeroCount="
                + zeroCount
                + ", count="
                + count
                + ", sum="
                + sum
                + ", positive="
                + positive
                + ", negative="
                + negative
                + ", customBounds="
                + Arrays.toString(customBounds)
                + "]";
    }
}
