package dev.muster.blocks.read;

import dev.muster.model.time.TimeRange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A part of a page: some of its rows, as far as their times lie in a range. Immutable; owns its
/// array.
final class RowPart {
    /// start, end, start, end, … ascending, not touching.
    private final int[] bounds;

    private final long startMs;
    private final long endMs;

    private RowPart(int[] bounds, long startMs, long endMs) {
        this.bounds = bounds;
        this.startMs = startMs;
        this.endMs = endMs;
    }

    /// A whole page.
    static RowPart all(int rows) {
        return new RowPart(new int[] {0, rows}, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// Rows `from` to `to` (exclusive).
    static RowPart of(int from, int to, TimeRange range) {
        return new RowPart(new int[] {from, to}, range.startMs(), range.endMs());
    }

    /// What is wanted of a page of a file.
    ///
    /// @param wanted rows of the file
    /// @param pageStart its first row
    /// @param from first row of the page to look at
    /// @param to row after the last to look at
    static RowPart of(RowRanges wanted, long pageStart, int from, int to, TimeRange range) {
        int first = wanted.firstEndingAfter(pageStart + from);
        int[] bounds = new int[16];
        int count = 0;
        for (int i = first; i < wanted.size() && wanted.start(i) < pageStart + to; i++) {
            if (count == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * count);
            }
            bounds[count++] = (int) (Math.max(wanted.start(i), pageStart + from) - pageStart);
            bounds[count++] = (int) (Math.min(wanted.end(i), pageStart + to) - pageStart);
        }
        return new RowPart(Arrays.copyOf(bounds, count), range.startMs(), range.endMs());
    }

    /// Bytes that [#write] writes.
    int storedBytes() {
        return 2 * Long.BYTES + (1 + bounds.length) * Integer.BYTES;
    }

    /// Writes the times, how many bounds there are, and them.
    void write(ByteBuffer into) {
        into.putLong(startMs).putLong(endMs).putInt(bounds.length);
        for (int bound : bounds) {
            into.putInt(bound);
        }
    }

    /// What [#write] wrote.
    static RowPart read(ByteBuffer from) {
        long startMs = from.getLong();
        long endMs = from.getLong();
        int[] bounds = new int[from.getInt()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = from.getInt();
        }
        return new RowPart(bounds, startMs, endMs);
    }

    int ranges() {
        return bounds.length / 2;
    }

    int start(int range) {
        return bounds[2 * range];
    }

    /// Row after the last.
    int end(int range) {
        return bounds[2 * range + 1];
    }

    /// How many rows are in it, whatever their times.
    long rows() {
        long rows = 0;
        for (int i = 0; i < ranges(); i++) {
            rows += end(i) - start(i);
        }
        return rows;
    }

    /// Row after the last of all; 0 where there is none.
    int end() {
        return bounds.length == 0 ? 0 : bounds[bounds.length - 1];
    }

    long startMs() {
        return startMs;
    }

    long endMs() {
        return endMs;
    }

    long sizeBytes() {
        return 32 + 4L * bounds.length;
    }

    /// Is all of the other part in this?
    boolean covers(RowPart other) {
        if (other.startMs < startMs || other.endMs > endMs) {
            return false;
        }
        for (int i = 0; i < other.ranges(); i++) {
            if (!has(other.start(i), other.end(i))) {
                return false;
            }
        }
        return true;
    }

    /// Are the rows `from` to `to` (exclusive) in this, as far as their times are?
    boolean has(int from, int to) {
        int found = Arrays.binarySearch(bounds, from);
        int start = found >= 0 ? found : -found - 2;
        // an even place is a start
        return start >= 0 && (start & 1) == 0 && bounds[start + 1] >= to;
    }

    /// The least part with all of both.
    RowPart with(RowPart other) {
        int[] all = new int[bounds.length + other.bounds.length];
        int count = 0;
        for (int i = 0, j = 0; i < ranges() || j < other.ranges(); ) {
            boolean mine = j == other.ranges() || (i < ranges() && start(i) <= other.start(j));
            int start = mine ? start(i) : other.start(j);
            int end = mine ? end(i) : other.end(j);
            if (count > 0 && start <= all[count - 1]) {
                all[count - 1] = Math.max(all[count - 1], end);
            } else {
                all[count++] = start;
                all[count++] = end;
            }
            if (mine) {
                i++;
            } else {
                j++;
            }
        }
        return new RowPart(
                Arrays.copyOf(all, count),
                Math.min(startMs, other.startMs),
                Math.max(endMs, other.endMs));
    }
}
