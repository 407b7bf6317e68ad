package dev.muster.query.remote;

import dev.muster.model.histogram.Buckets;
import java.util.Arrays;

/// Buckets as Prometheus writes them: runs of neighbours, each with the distance from the one
/// before. Immutable.
final class Spans {
    private final int[] offsets;
    private final int[] lengths;
    private final double[] counts;
    private final int size;

    private Spans(int[] offsets, int[] lengths, double[] counts, int size) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.counts = counts;
        this.size = size;
    }

    static Spans of(Buckets buckets) {
        int[] offsets = new int[buckets.size()];
        int[] lengths = new int[buckets.size()];
        double[] counts = new double[buckets.size()];
        int spans = 0;
        for (int i = 0; i < buckets.size(); i++) {
            counts[i] = buckets.count(i);
            int gap = i == 0 ? buckets.index(0) : buckets.index(i) - buckets.index(i - 1) - 1;
            if (i == 0 || gap > 0) {
                offsets[spans++] = gap;
            }
            lengths[spans - 1]++;
        }
        return new Spans(offsets, lengths, counts, spans);
    }

    int count() {
        return size;
    }

    /// Distance from the end of the span before; of the first one the index of its first bucket.
    int offset(int span) {
        return offsets[span];
    }

    int length(int span) {
        return lengths[span];
    }

    /// Counts of all buckets, which the caller owns.
    double[] counts() {
        return Arrays.copyOf(counts, counts.length);
    }
}
