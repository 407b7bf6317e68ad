package dev.muster.blocks.read;

import java.util.Arrays;

/// Ranges of rows of a file, ascending, none of them empty. Owns its array.
final class RowRanges {
    /// start, end, start, end, …
    private long[] bounds = new long[16];

    private int count;

    private RowRanges() {}

    /// The rows of some series; those that lie beside each other are one range.
    static RowRanges of(int[] series, RowStarts starts) {
        RowRanges ranges = new RowRanges();
        for (int one : series) {
            int rows = starts.count(one);
            if (rows > 0) {
                long start = starts.start(one);
                ranges.add(start, start + rows);
            }
        }
        return ranges;
    }

    private void add(long start, long end) {
        if (count > 0 && bounds[count - 1] == start) {
            bounds[count - 1] = end;
            return;
        }
        if (count == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * count);
        }
        bounds[count++] = start;
        bounds[count++] = end;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int size() {
        return count / 2;
    }

    long sizeBytes() {
        return 40 + 8L * bounds.length;
    }

    /// The first range that ends after a row; as many as there are if none does.
    int firstEndingAfter(long row) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end(middle) <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    long start(int range) {
        return bounds[2 * range];
    }

    /// Row after the last.
    long end(int range) {
        return bounds[2 * range + 1];
    }
}
