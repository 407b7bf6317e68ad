package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;
import java.util.Arrays;

/// Which samples of a series each step sees. Reused for one series after another; confined to one
/// thread.
///
/// Series of one target have their samples at the same times, and often follow each other: what was
/// found for one holds for the next.
final class WindowBounds {
    private final StepTimes times;
    private final long rangeMs;
    private final int[] from;
    private final int[] to;

    /// Times of the samples that the windows are of.
    private long[] known = {};

    private int knownSize = -1;

    /// @param rangeMs length of every window
    WindowBounds(StepTimes times, int steps, long rangeMs) {
        this.times = times;
        this.rangeMs = rangeMs;
        from = new int[steps];
        to = new int[steps];
    }

    /// Finds the windows of a series.
    void of(SampleColumns samples) {
        long[] sampleTimes = samples.timestampsMs();
        int size = samples.size();
        if (size == knownSize && Arrays.equals(known, 0, size, sampleTimes, 0, size)) {
            return;
        }
        find(sampleTimes, size);
        if (known.length < size) {
            known = new long[Math.max(size, Math.min(2 * known.length, sampleTimes.length))];
        }
        System.arraycopy(sampleTimes, 0, known, 0, size);
        knownSize = size;
    }

    private void find(long[] sampleTimes, int size) {
        int first = 0;
        int last = 0;
        for (int step = 0; step < from.length; step++) {
            long endMs = times.at(step);
            long startMs = endMs - rangeMs;
            while (last < size && sampleTimes[last] <= endMs) {
                last++;
            }
            while (first < last && sampleTimes[first] <= startMs) {
                first++;
            }
            from[step] = first;
            to[step] = last;
        }
    }

    int steps() {
        return from.length;
    }

    /// The first sample of a step.
    int from(int step) {
        return from[step];
    }

    /// Behind the last sample of a step.
    int to(int step) {
        return to[step];
    }

    long endMs(int step) {
        return times.at(step);
    }

    long rangeMs() {
        return rangeMs;
    }

    /// How many samples all windows have together.
    long samples() {
        long all = 0;
        for (int step = 0; step < from.length; step++) {
            all += to[step] - from[step];
        }
        return all;
    }
}
