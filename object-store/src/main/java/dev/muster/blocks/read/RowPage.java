package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import java.util.Arrays;

/// Times and values of the rows of one page, decoded, in little memory. Immutable; owns its arrays.
final class RowPage {
    /*
     * Rows are cut into segments where the time falls, which is where another series begins. Times of a segment are a
     * step, or differences to its first one, which it shares with the segment before if they are the same there, as
     * with series of one target. Values are one for all rows, or whole numbers (of thousandths) that differ little from
     * a base, or doubles.
     */
    static final byte SAME = 0;
    static final byte BYTES = 1;
    static final byte SHORTS = 2;
    static final byte INTS = 3;
    static final byte DOUBLES = 4;

    /// Added where the numbers are thousandths.
    static final byte THOUSANDTHS = 8;

    static final double PER_UNIT = 1_000.0;

    /// Step of a segment whose times are not evenly spaced.
    static final int UNEVEN = -1;

    private static final int ROWS_PER_CHARGE = 4_096;

    /// First row of each segment, then the number of rows.
    private final int[] starts;

    private final long[] firstsMs;
    private final int[] stepsMs;
    private final int[] timesAt;
    private final byte[] kinds;
    private final double[] bases;
    private final int[] valuesAt;
    private final byte[] bytes;
    private final short[] shorts;
    private final int[] ints;
    private final double[] doubles;
    private final long sizeBytes;

    RowPage(RowPageBuilder built) {
        int segments = built.segments();
        starts = Arrays.copyOf(built.starts, segments + 1);
        firstsMs = Arrays.copyOf(built.firstsMs, segments);
        stepsMs = Arrays.copyOf(built.stepsMs, segments);
        timesAt = Arrays.copyOf(built.timesAt, segments);
        kinds = Arrays.copyOf(built.kinds, segments);
        bases = Arrays.copyOf(built.bases, segments);
        valuesAt = Arrays.copyOf(built.valuesAt, segments);
        bytes = Arrays.copyOf(built.bytes, built.byteCount);
        shorts = Arrays.copyOf(built.shorts, built.shortCount);
        ints = Arrays.copyOf(built.ints, built.intCount);
        doubles = Arrays.copyOf(built.doubles, built.doubleCount);
        sizeBytes =
                400
                        + 37L * segments
                        + bytes.length
                        + 2L * shorts.length
                        + 4L * ints.length
                        + 8L * doubles.length;
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        return sizeBytes;
    }

    private int segment(int row) {
        int found = Arrays.binarySearch(starts, row);
        return found >= 0 ? found : -found - 2;
    }

    private long timeMs(int row) {
        int segment = segment(row);
        int at = row - starts[segment];
        return firstsMs[segment]
                + (stepsMs[segment] == UNEVEN
                        ? ints[timesAt[segment] + at]
                        : (long) at * stepsMs[segment]);
    }

    /// The first of the rows `from` to `to`, which ascend in time, at or after a time; `to` if
    /// there is none.
    int firstAtOrAfter(int from, int to, long timeMs) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timeMs(middle) < timeMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Appends the rows `from` to `to` (exclusive).
    void append(int from, int to, SampleColumns into, ReadBudget budget) {
        int segment = from < to ? segment(from) : 0;
        for (int row = from; row < to; segment++) {
            int end = Math.min(to, starts[segment + 1]);
            while (row < end) {
                int length = Math.min(ROWS_PER_CHARGE, end - row);
                budget.chargeSamples(length);
                into.reserve(length);
                int size = into.size();
                copyTimes(segment, row - starts[segment], length, into.timestampsMs(), size);
                copyValues(segment, row - starts[segment], length, into.values(), size);
                into.resize(size + length);
                row += length;
            }
        }
    }

    private void copyTimes(int segment, int from, int length, long[] into, int at) {
        long firstMs = firstsMs[segment];
        int stepMs = stepsMs[segment];
        if (stepMs == UNEVEN) {
            int start = timesAt[segment] + from;
            for (int i = 0; i < length; i++) {
                into[at + i] = firstMs + ints[start + i];
            }
        } else {
            long timeMs = firstMs + (long) from * stepMs;
            for (int i = 0; i < length; i++) {
                into[at + i] = timeMs;
                timeMs += stepMs;
            }
        }
    }

    private void copyValues(int segment, int from, int length, double[] into, int at) {
        double base = bases[segment];
        int start = valuesAt[segment] + from;
        byte kind = kinds[segment];
        switch (kind & ~THOUSANDTHS) {
            case SAME -> Arrays.fill(into, at, at + length, base);
            case BYTES -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = base + bytes[start + i];
                }
            }
            case SHORTS -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = base + shorts[start + i];
                }
            }
            case INTS -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = base + ints[start + i];
                }
            }
            default -> System.arraycopy(doubles, start, into, at, length);
        }
        if ((kind & THOUSANDTHS) != 0) {
            for (int i = at; i < at + length; i++) {
                into[i] /= PER_UNIT;
            }
        }
    }
}
