package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;

/// The zero bucket that a histogram with exponential buckets has when it is made wider.
///
/// @param threshold its width to each side: at least that asked for, more where that would cut a
///   bucket that counts anything
/// @param count observations in it
record ZeroBucket(double threshold, double count) {
    /// @param threshold at least that of the histogram
    static ZeroBucket widened(NativeHistogram histogram, double threshold) {
        double wide = threshold;
        if (wide == histogram.zeroThreshold()) {
            return new ZeroBucket(wide, histogram.zeroCount());
        }
        while (true) {
            Side positive = Side.of(histogram, histogram.positive(), wide);
            Side negative = Side.of(histogram, histogram.negative(), positive.threshold);
            if (negative.threshold == positive.threshold) {
                return new ZeroBucket(
                        negative.threshold,
                        histogram.zeroCount() + positive.count + negative.count);
            }
            wide = negative.threshold;
        }
    }

    /// The buckets on one side that the zero bucket swallows.
    private record Side(double threshold, double count) {
        static Side of(NativeHistogram histogram, Buckets buckets, double threshold) {
            double wide = threshold;
            double count = 0;
            for (int i = 0; i < buckets.size(); i++) {
                if (BucketBounds.lower(histogram, buckets.index(i)) >= wide) {
                    break;
                }
                count += buckets.count(i);
                double upper = BucketBounds.upper(histogram, buckets.index(i));
                if (upper > wide) {
                    wide = buckets.count(i) == 0 ? wide : upper;
                    break;
                }
            }
            return new Side(wide, count);
        }
    }
}
