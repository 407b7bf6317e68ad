package dev.muster.query.api;

import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import java.util.Arrays;

/// Texts of the times of a matrix, each made once: most series have points at the same steps.
/// Confined to one thread.
final class TimeTexts {
    private final long[] timesMs;
    private final byte[] texts;

    /// Where each text starts, then where the last ends.
    private final int[] starts;

    /// The time looked up last.
    private int at;

    private TimeTexts(MatrixSeries like) {
        int size = like.size();
        timesMs = new long[size];
        starts = new int[size + 1];
        byte[] bytes = new byte[16 * size + NumberBytes.MOST_BYTES];
        int end = 0;
        for (int i = 0; i < size; i++) {
            timesMs[i] = like.timestampMs(i);
            if (bytes.length - end < NumberBytes.MOST_BYTES) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            if (timesMs[i] >= 0) {
                end = NumberBytes.writeSeconds(timesMs[i], bytes, end);
            }
            starts[i + 1] = end;
        }
        texts = bytes;
    }

    /// The texts for a matrix: of the times of its longest series.
    static TimeTexts of(MatrixValue matrix) {
        MatrixSeries longest = matrix.series().getFirst();
        for (MatrixSeries series : matrix.series()) {
            if (series.size() > longest.size()) {
                longest = series;
            }
        }
        return new TimeTexts(longest);
    }

    /// Copies the text of a time. Times that ascend are found soonest.
    ///
    /// @return where it ends; -1 if there is none
    int write(long timestampMs, byte[] into, int from) {
        int found = find(timestampMs);
        if (found < 0 || starts[found] == starts[found + 1]) {
            return -1;
        }
        int length = starts[found + 1] - starts[found];
        System.arraycopy(texts, starts[found], into, from, length);
        return from + length;
    }

    private int find(long timestampMs) {
        int next = at + 1 < timesMs.length ? at + 1 : 0;
        if (timesMs.length > 0 && timesMs[next] == timestampMs) {
            at = next;
            return next;
        }
        int found = Arrays.binarySearch(timesMs, timestampMs);
        if (found >= 0) {
            at = found;
        }
        return found;
    }
}
