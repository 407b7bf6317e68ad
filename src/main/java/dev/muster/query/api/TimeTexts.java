package dev.muster.query.api;

import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import org.jspecify.annotations.Nullable;

/// Texts of the times of a matrix, each made once: most points lie on the steps of a query, and
/// most series have points at the same ones. Confined to one thread.
final class TimeTexts {
    /// Most steps whose texts are kept; above what a range query may have.
    private static final int MOST_STEPS = 1 << 14;

    /// Room for each text: seconds with milliseconds until the year 33658.
    private static final int TEXT_BYTES = 16;

    private final long firstMs;
    private final long stepMs;

    /// Texts of the steps, each from a multiple of [#TEXT_BYTES].
    private final byte[] texts;

    /// How long each text is; 0 for those nobody has wanted yet.
    private final byte[] lengths;

    /// The step looked up last.
    private int at = -1;

    private TimeTexts(long firstMs, long stepMs, int steps) {
        this.firstMs = firstMs;
        this.stepMs = stepMs;
        texts = new byte[steps * TEXT_BYTES];
        lengths = new byte[steps];
    }

    /// The texts for a matrix.
    ///
    /// @return null if its times are not those of a few steps, or before 1970
    static @Nullable TimeTexts of(MatrixValue matrix) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        MatrixSeries longest = null;
        for (MatrixSeries series : matrix.series()) {
            if (series.size() > 0) {
                first = Math.min(first, series.timestampMs(0));
                last = Math.max(last, series.timestampMs(series.size() - 1));
                longest = longest == null || longest.size() < series.size() ? series : longest;
            }
        }
        if (longest == null || first < 0) {
            return null;
        }
        long step = leastDistanceMs(longest);
        long steps = (last - first) / step + 1;
        return steps <= MOST_STEPS ? new TimeTexts(first, step, (int) steps) : null;
    }

    private static long leastDistanceMs(MatrixSeries series) {
        long least = Long.MAX_VALUE;
        for (int i = 1; i < series.size(); i++) {
            least = Math.min(least, series.timestampMs(i) - series.timestampMs(i - 1));
        }
        return Math.max(1, least);
    }

    /// Copies the text of a time. Times that ascend are found soonest.
    ///
    /// @param into with room for [NumberBytes#MOST_BYTES] from there
    /// @return where it ends; -1 if it is not one of a step
    int write(long timestampMs, byte[] into, int from) {
        int step = step(timestampMs);
        if (step < 0) {
            return -1;
        }
        at = step;
        int length = lengths[step];
        if (length == 0) {
            int end = NumberBytes.writeSeconds(timestampMs, into, from);
            if (end - from <= TEXT_BYTES) {
                System.arraycopy(into, from, texts, step * TEXT_BYTES, end - from);
                lengths[step] = (byte) (end - from);
            }
            return end;
        }
        System.arraycopy(texts, step * TEXT_BYTES, into, from, TEXT_BYTES);
        return from + length;
    }

    /// Which step has this time; below 0 if none has.
    private int step(long timestampMs) {
        long sinceMs = timestampMs - firstMs;
        if (sinceMs == (at + 1) * stepMs && at + 1 < lengths.length) {
            return at + 1;
        }
        return sinceMs >= 0 && sinceMs % stepMs == 0 && sinceMs / stepMs < lengths.length
                ? (int) (sinceMs / stepMs)
                : -1;
    }
}
