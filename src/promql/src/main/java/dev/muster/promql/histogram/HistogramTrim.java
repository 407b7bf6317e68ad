package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;

/// Cuts off the observations on one side of a value. The sum is estimated anew from the middles of
/// the buckets when anything is cut off.
public final class HistogramTrim {
    private final NativeHistogram histogram;
    private final double limit;
    private final boolean keepsBelow;
    private double count;
    private double sum;
    private boolean trimmed;

    private HistogramTrim(NativeHistogram histogram, double limit, boolean keepsBelow) {
        this.histogram = histogram;
        this.limit = limit;
        this.keepsBelow = keepsBelow;
    }

    /// @param keepsBelow which observations are kept: those below the limit, or those above
    public static NativeHistogram trimmed(
            NativeHistogram histogram, double limit, boolean keepsBelow) {
        return new HistogramTrim(histogram, limit, keepsBelow).run();
    }

    private NativeHistogram run() {
        Buckets negative = side(histogram.negative(), true);
        double zero = histogram.hasCustomBounds() ? 0 : zeroBucket();
        Buckets positive = side(histogram.positive(), false);
        if (!trimmed) {
            return Histograms.compacted(histogram);
        }
        if (histogram.hasCustomBounds()) {
            return NativeHistogram.custom(
                    histogram.counterReset(), count, sum, histogram.customBounds(), positive);
        }
        return NativeHistogram.exponential(
                histogram.schema(),
                histogram.counterReset(),
                histogram.zeroThreshold(),
                zero,
                count,
                sum,
                positive,
                negative);
    }

    private Buckets side(Buckets buckets, boolean mirrored) {
        int[] indexes = new int[buckets.size()];
        double[] counts = new double[buckets.size()];
        int size = 0;
        for (int i = 0; i < buckets.size(); i++) {
            double lower = BucketBounds.lower(histogram, buckets.index(i));
            double upper = BucketBounds.upper(histogram, buckets.index(i));
            double kept =
                    histogram.hasCustomBounds()
                            ? custom(lower, upper, buckets.count(i))
                            : exponential(
                                    mirrored ? -upper : lower,
                                    mirrored ? -lower : upper,
                                    buckets.count(i));
            if (kept != 0) {
                indexes[size] = buckets.index(i);
                counts[size++] = kept;
            }
        }
        return Buckets.of(indexes, counts, size);
    }

    private double exponential(double lower, double upper, double inBucket) {
        double from = keepsBelow ? lower : Math.max(lower, limit);
        double to = keepsBelow ? Math.min(upper, limit) : upper;
        if (!(from < to)) {
            return drop(inBucket);
        }
        double middle = Math.sqrt(from * to);
        return keep(inBucket, share(lower, upper, inBucket, false), to <= 0 ? -middle : middle);
    }

    private double zeroBucket() {
        boolean onlyAbove = histogram.negative().size() == 0 && histogram.positive().size() > 0;
        boolean onlyBelow = histogram.positive().size() == 0 && histogram.negative().size() > 0;
        double lower = onlyAbove ? 0 : -histogram.zeroThreshold();
        double upper = onlyBelow ? 0 : histogram.zeroThreshold();
        boolean whole = keepsBelow ? upper <= limit : lower >= limit;
        return whole
                ? keep(histogram.zeroCount(), histogram.zeroCount(), (lower + upper) / 2)
                : linear(lower, upper, histogram.zeroCount());
    }

    /// Buckets without a bound to one side cannot be cut: they go as a whole, or stay as a whole
    /// and are then taken to be at the limit.
    private double custom(double lower, double upper, double inBucket) {
        boolean open = lower == Double.NEGATIVE_INFINITY;
        if (open && upper == Double.POSITIVE_INFINITY) {
            boolean whole = keepsBelow ? limit == upper : limit == lower;
            return whole ? keep(inBucket, inBucket, 0) : drop(inBucket);
        }
        if (open && upper <= 0) {
            boolean stays = keepsBelow ? limit > lower : limit == lower;
            double middle = keepsBelow ? Math.min(limit, upper) : upper;
            return stays ? keep(inBucket, inBucket, middle) : drop(inBucket);
        }
        if (upper == Double.POSITIVE_INFINITY) {
            boolean stays = keepsBelow ? limit == upper : limit < upper;
            double middle = keepsBelow ? lower : Math.max(limit, lower);
            return stays ? keep(inBucket, inBucket, middle) : drop(inBucket);
        }
        if (open) {
            boolean inside = !keepsBelow && limit < 0 && limit != lower;
            return inside ? drop(inBucket) : linear(0, upper, inBucket);
        }
        return linear(lower, upper, inBucket);
    }

    private double linear(double lower, double upper, double inBucket) {
        double from = keepsBelow ? lower : Math.max(lower, limit);
        double to = keepsBelow ? Math.min(upper, limit) : upper;
        if (!(from < to)) {
            return drop(inBucket);
        }
        return keep(inBucket, share(lower, upper, inBucket, true), (from + to) / 2);
    }

    /// The count on the side that is kept.
    private double share(double lower, double upper, double inBucket, boolean linear) {
        if (keepsBelow ? upper <= limit : lower >= limit) {
            return inBucket;
        }
        double below = HistogramEstimates.share(lower, upper, limit, linear);
        return inBucket * (keepsBelow ? below : 1 - below);
    }

    private double keep(double inBucket, double kept, double middle) {
        trimmed |= kept != inBucket;
        count += kept;
        sum += kept * middle;
        return kept;
    }

    private double drop(double inBucket) {
        trimmed |= inBucket != 0;
        return 0;
    }
}
