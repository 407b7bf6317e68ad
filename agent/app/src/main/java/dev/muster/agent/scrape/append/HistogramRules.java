package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;

/// Holds native histograms to the limits of a job: makes them coarser where they have too many
/// buckets, or finer ones than wanted. Immutable.
final class HistogramRules {
    /*
     * An exponential histogram of schema s has 2^s buckets to each power of two. Schema s - 1 joins two
     * neighbours: index i becomes ceil(i / 2), which is what Prometheus does.
     */
    private final int bucketLimit;
    private final int finestSchema;

    HistogramRules(ScrapeLimits limits) {
        bucketLimit =
                limits.histogramBuckets() == 0 ? Integer.MAX_VALUE : limits.histogramBuckets();
        finestSchema = finestSchema(limits.histogramBucketFactor());
    }

    /// The finest schema whose buckets grow at least by this factor.
    static int finestSchema(double factor) {
        if (factor <= 1) {
            return NativeHistogram.MAX_SCHEMA;
        }
        double logOfGrowth = Math.log(factor) / Math.log(2);
        double schema = Math.floor(-Math.log(logOfGrowth) / Math.log(2));
        return (int) Math.clamp(schema, NativeHistogram.MIN_SCHEMA, NativeHistogram.MAX_SCHEMA);
    }

    /// The histogram as it is stored.
    ///
    /// @throws ScrapeRefusedException if it cannot be made to fit
    NativeHistogram apply(NativeHistogram histogram) throws ScrapeRefusedException {
        NativeHistogram result = histogram;
        if (!result.hasCustomBounds() && result.schema() > finestSchema) {
            result = coarser(result, finestSchema);
        }
        while (buckets(result) > bucketLimit) {
            if (result.hasCustomBounds() || result.schema() == NativeHistogram.MIN_SCHEMA) {
                throw new ScrapeRefusedException(
                        FaultKind.BUCKET_LIMIT,
                        "native_histogram_bucket_limit exceeded: limit="
                                + bucketLimit
                                + ", found="
                                + buckets(result));
            }
            result = coarser(result, result.schema() - 1);
        }
        return result;
    }

    private static int buckets(NativeHistogram histogram) {
        return histogram.positive().size() + histogram.negative().size();
    }

    static NativeHistogram coarser(NativeHistogram histogram, int schema) {
        int steps = histogram.schema() - schema;
        return NativeHistogram.exponential(
                schema,
                histogram.counterReset(),
                histogram.zeroThreshold(),
                histogram.zeroCount(),
                histogram.count(),
                histogram.sum(),
                coarser(histogram.positive(), steps),
                coarser(histogram.negative(), steps));
    }

    private static Buckets coarser(Buckets buckets, int steps) {
        int[] indexes = new int[buckets.size()];
        double[] counts = new double[buckets.size()];
        int size = 0;
        for (int i = 0; i < buckets.size(); i++) {
            int index = ((buckets.index(i) - 1) >> steps) + 1;
            if (size > 0 && indexes[size - 1] == index) {
                counts[size - 1] += buckets.count(i);
            } else {
                indexes[size] = index;
                counts[size++] = buckets.count(i);
            }
        }
        return Buckets.of(indexes, counts, size);
    }
}
