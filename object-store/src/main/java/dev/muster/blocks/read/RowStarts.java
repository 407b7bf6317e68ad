package dev.muster.blocks.read;

import org.jspecify.annotations.Nullable;

/// How many rows each series has in a file, and where they start. Immutable; owns its arrays.
final class RowStarts {
    /*
     * A writer puts the rows of one series after those of the one before, so the start of every 64th is kept and
     * the others are counted up. Where a file is not so, all of them are kept.
     */
    private static final int APART = 64;

    private final int[] counts;
    private final long[] some;
    private final long @Nullable [] all;

    RowStarts(long[] starts, int[] counts) {
        this.counts = counts;
        some = new long[(counts.length + APART - 1) / APART];
        boolean together = true;
        for (int i = 0; i < counts.length; i++) {
            if (i % APART == 0) {
                some[i / APART] = starts[i];
            } else {
                together &= starts[i] == starts[i - 1] + counts[i - 1];
            }
        }
        all = together ? null : starts;
    }

    int count(int series) {
        return counts[series];
    }

    long start(int series) {
        if (all != null) {
            return all[series];
        }
        int from = series / APART * APART;
        long start = some[series / APART];
        for (int i = from; i < series; i++) {
            start += counts[i];
        }
        return start;
    }

    long sizeBytes() {
        return 80 + 4L * counts.length + 8L * some.length + (all == null ? 0 : 8L * all.length);
    }
}
