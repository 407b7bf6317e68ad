package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;

/// Goes over all buckets of a histogram, those below zero, the zero bucket, and those above, in
/// either direction. Starts before the first. Confined to one thread.
final class BucketCursor {
    private final NativeHistogram histogram;
    private final Buckets negative;
    private final Buckets positive;
    private final boolean ascending;
    private final int size;
    private int at = -1;
    private double lower;
    private double upper;
    private double count;

    private BucketCursor(NativeHistogram histogram, boolean ascending) {
        this.histogram = histogram;
        this.ascending = ascending;
        negative = histogram.negative();
        positive = histogram.positive();
        size = negative.size() + 1 + positive.size();
    }

    static BucketCursor ascending(NativeHistogram histogram) {
        return new BucketCursor(histogram, true);
    }

    static BucketCursor descending(NativeHistogram histogram) {
        return new BucketCursor(histogram, false);
    }

    /// Moves to the next bucket that counts anything.
    boolean next() {
        while (++at < size) {
            load(ascending ? at : size - 1 - at);
            if (count != 0) {
                return true;
            }
        }
        return false;
    }

    private void load(int position) {
        int below = negative.size();
        if (position < below) {
            int index = negative.index(below - 1 - position);
            lower = -BucketBounds.upper(histogram, index);
            upper = -BucketBounds.lower(histogram, index);
            count = negative.count(below - 1 - position);
        } else if (position == below) {
            lower = -histogram.zeroThreshold();
            upper = histogram.zeroThreshold();
            count = histogram.zeroCount();
        } else {
            int index = positive.index(position - below - 1);
            lower = BucketBounds.lower(histogram, index);
            upper = BucketBounds.upper(histogram, index);
            count = positive.count(position - below - 1);
        }
    }

    /// Is this the zero bucket of a histogram with exponential buckets?
    boolean isZero() {
        return lower <= 0 && upper >= 0 && !histogram.hasCustomBounds();
    }

    double lower() {
        return lower;
    }

    double upper() {
        return upper;
    }

    double count() {
        return count;
    }

    /// The lower bound, but zero in the zero bucket of a histogram that has buckets above zero
    /// only: its observations are then taken to be positive.
    double likelyLower() {
        boolean onlyAbove = negative.size() == 0 && positive.size() > 0;
        return isZero() && onlyAbove ? 0 : lower;
    }

    /// The upper bound, but zero in the zero bucket of a histogram that has buckets below zero
    /// only.
    double likelyUpper() {
        boolean onlyBelow = positive.size() == 0 && negative.size() > 0;
        return isZero() && onlyBelow ? 0 : upper;
    }
}
