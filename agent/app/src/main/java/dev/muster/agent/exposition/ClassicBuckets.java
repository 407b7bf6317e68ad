package dev.muster.agent.exposition;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the samples of a classic histogram and makes one native histogram with custom bounds of
/// them. Reused; owned by a reader.
final class ClassicBuckets {
    /// Entries that are kept whatever the use.
    private static final int KEPT = 64;

    private final int limit;
    private double[] bounds = new double[16];
    private double[] cumulative = new double[16];
    private int size;
    private boolean hasCount;
    private double count;
    private double sum;

    /// @param limit most buckets; a histogram with more is not converted
    ClassicBuckets(int limit) {
        this.limit = limit;
    }

    void clear() {
        if (bounds.length > KEPT && 4 * size < bounds.length) {
            bounds = new double[KEPT];
            cumulative = new double[KEPT];
        }
        size = 0;
        hasCount = false;
        count = 0;
        sum = 0;
    }

    void count(double value) {
        hasCount = true;
        count = value;
    }

    void sum(double value) {
        sum = value;
    }

    /// Adds a bucket; of two with the same bound the first counts.
    void bucket(double bound, double value) {
        if (size > limit) {
            return;
        }
        int at = size;
        while (at > 0 && bounds[at - 1] >= bound) {
            at--;
        }
        if (at < size && bounds[at] == bound) {
            return;
        }
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
            cumulative = Arrays.copyOf(cumulative, 2 * size);
        }
        System.arraycopy(bounds, at, bounds, at + 1, size - at);
        System.arraycopy(cumulative, at, cumulative, at + 1, size - at);
        bounds[at] = bound;
        cumulative[at] = value;
        size++;
    }

    /// The histogram; null where the samples make none, such as counts that go down from one bucket
    /// to the next.
    @Nullable NativeHistogram build() {
        boolean infinite = size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
        int finite = infinite ? size - 1 : size;
        if (size > limit || (size == 0 && !hasCount)) {
            return null;
        }
        double whole = hasCount ? count : cumulative[size - 1];
        if (infinite && cumulative[size - 1] != whole) {
            return null;
        }
        int[] indexes = new int[finite + 1];
        double[] counts = new double[finite + 1];
        double before = 0;
        int filled = 0;
        for (int i = 0; i <= finite; i++) {
            double now = i < finite ? cumulative[i] : whole;
            boolean bounded = i == finite || Double.isFinite(bounds[i]);
            if (!bounded || !(now >= before) || now == Double.POSITIVE_INFINITY) {
                return null;
            }
            indexes[filled] = i;
            counts[filled] = now - before;
            filled += now > before ? 1 : 0;
            before = now;
        }
        return NativeHistogram.custom(
                CounterReset.UNKNOWN,
                whole,
                ProtobufHistogram.ordinary(sum),
                Arrays.copyOf(bounds, finite),
                Buckets.of(indexes, counts, filled));
    }
}
