package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.numeric.KahanSum;

/// What a histogram tells of its observations. Between the bounds of an exponential bucket they are
/// taken to be spread evenly over the logarithm of their values, in the zero bucket and between
/// custom bounds over the values themselves.
public final class HistogramEstimates {
    private HistogramEstimates() {}

    /// The value below which a share of the observations lies.
    ///
    /// @param quantile the share; below 0 or above 1 yields an infinity
    /// @return NaN also if the value is among observations of NaN
    public static double quantile(double quantile, NativeHistogram histogram) {
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (histogram.count() == 0 || Double.isNaN(quantile)) {
            return Double.NaN;
        }
        // Observations of NaN are in no bucket, above all of them: only from below is the rank
        // right.
        boolean forward = Double.isNaN(histogram.sum()) || quantile < 0.5;
        double rank = (forward ? quantile : 1 - quantile) * histogram.count();
        BucketCursor bucket =
                forward ? BucketCursor.ascending(histogram) : BucketCursor.descending(histogram);
        double count = 0;
        boolean any = false;
        double upper = 0;
        while (bucket.next()) {
            any = true;
            upper = bucket.upper();
            count += bucket.count();
            if (count >= rank) {
                return within(bucket, histogram, forward, rank, count);
            }
        }
        return Double.isNaN(histogram.sum()) || !any ? Double.NaN : upper;
    }

    private static double within(
            BucketCursor bucket,
            NativeHistogram histogram,
            boolean forward,
            double rank,
            double counted) {
        double lower = bucket.likelyLower();
        double upper = bucket.likelyUpper();
        if (histogram.hasCustomBounds()) {
            if (lower == Double.NEGATIVE_INFINITY) {
                if (upper <= 0) {
                    return upper;
                }
                lower = 0;
            } else if (upper == Double.POSITIVE_INFINITY) {
                return lower;
            }
        }
        double count = Math.min(counted, histogram.count());
        double inBucket = forward ? rank - (count - bucket.count()) : count - rank;
        double share = inBucket / bucket.count();
        if (histogram.hasCustomBounds() || (lower <= 0 && upper >= 0)) {
            return lower + (upper - lower) * share;
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        return lower > 0
                ? Math.pow(2, logLower + (logUpper - logLower) * share)
                : -Math.pow(2, logUpper + (logLower - logUpper) * (1 - share));
    }

    /// The share of the observations that lie between two values.
    public static double fraction(double lower, double upper, NativeHistogram histogram) {
        if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        double below = rank(upper, histogram) - rank(lower, histogram);
        return below / histogram.count();
    }

    /// How many observations are below a value.
    private static double rank(double value, NativeHistogram histogram) {
        double rank = 0;
        BucketCursor bucket = BucketCursor.ascending(histogram);
        while (bucket.next()) {
            double lower = bucket.likelyLower();
            double upper = bucket.likelyUpper();
            if (lower >= value) {
                return Math.min(rank, histogram.count());
            }
            if (upper > value) {
                boolean linear = histogram.hasCustomBounds() || bucket.isZero();
                double share = share(lower, upper, value, linear);
                return Math.min(rank + bucket.count() * share, histogram.count());
            }
            rank += bucket.count();
        }
        return Double.isNaN(histogram.sum())
                ? Math.min(rank, histogram.count())
                : histogram.count();
    }

    /// The share of a bucket's observations that are below a value within its bounds.
    ///
    /// @param linear spread evenly over the values, not over their logarithms
    static double share(double lower, double upper, double value, boolean linear) {
        if (linear) {
            if (lower == Double.NEGATIVE_INFINITY) {
                return upper > 0 && value >= 0 ? value / upper : upper > 0 ? 0 : 1;
            }
            return upper == Double.POSITIVE_INFINITY ? 0 : (value - lower) / (upper - lower);
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        double logValue = log2(Math.abs(value));
        return (logValue - logLower) / (logUpper - logLower);
    }

    private static double log2(double value) {
        int exponent = Math.getExponent(value);
        double normal = exponent < Double.MIN_EXPONENT ? value : Math.scalb(value, -exponent);
        double log = Math.log(normal) / Math.log(2);
        return exponent < Double.MIN_EXPONENT ? log : exponent + log;
    }

    /// The variance of the observations, each taken to be in the middle of its bucket.
    public static double variance(NativeHistogram histogram) {
        double mean = histogram.sum() / histogram.count();
        KahanSum variance = new KahanSum();
        BucketCursor bucket = BucketCursor.ascending(histogram);
        while (bucket.next()) {
            double middle = middle(bucket.lower(), bucket.upper(), histogram.hasCustomBounds());
            double delta = middle - mean;
            variance.add(bucket.count() * delta * delta);
        }
        return variance.total() / histogram.count();
    }

    private static double middle(double lower, double upper, boolean custom) {
        if (custom) {
            return (upper + lower) / 2;
        }
        if (lower <= 0 && upper >= 0) {
            return 0;
        }
        double middle = Math.sqrt(upper * lower);
        return upper < 0 ? -middle : middle;
    }
}
