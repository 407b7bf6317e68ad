package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.Looks;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Times and values of rows of one page, decoded, in little memory: of those that were wanted of
/// it. Immutable; owns its arrays.
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

    /// From how many rows a look on it is worth while to go from look to look.
    private static final int ROWS_PER_LOOK = 2;

    /// First row of each segment, and the row after its last.
    private final int[] starts;

    private final int[] ends;

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
    private final RowPart part;
    private final long sizeBytes;

    /// @param part what of the page this is
    RowPage(RowPageBuilder built, RowPart part) {
        int segments = built.segments();
        this.part = part;
        starts = Arrays.copyOf(built.starts, segments);
        ends = Arrays.copyOf(built.ends, segments);
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
        sizeBytes = size(segments);
    }

    /// What [#encode] gave.
    ///
    /// @throws RuntimeException if it is anything else
    private RowPage(ByteBuffer from) {
        part = RowPart.read(from);
        int segments = from.getInt();
        int byteCount = from.getInt();
        int shortCount = from.getInt();
        int intCount = from.getInt();
        int doubleCount = from.getInt();
        firstsMs = new long[segments];
        bases = new double[segments];
        doubles = new double[doubleCount];
        starts = ints(from, segments);
        ends = ints(from, segments);
        stepsMs = ints(from, segments);
        timesAt = ints(from, segments);
        valuesAt = ints(from, segments);
        ints = ints(from, intCount);
        from.asLongBuffer().get(firstsMs);
        skip(from, segments * Long.BYTES);
        from.asDoubleBuffer().get(bases);
        skip(from, segments * Double.BYTES);
        from.asDoubleBuffer().get(doubles);
        skip(from, doubleCount * Double.BYTES);
        shorts = new short[shortCount];
        from.asShortBuffer().get(shorts);
        skip(from, shortCount * Short.BYTES);
        kinds = new byte[segments];
        from.get(kinds);
        bytes = new byte[byteCount];
        from.get(bytes);
        if (from.hasRemaining()) {
            throw new IllegalArgumentException("rows must end: left=" + from.remaining());
        }
        sizeBytes = size(segments);
    }

    private static int[] ints(ByteBuffer from, int count) {
        int[] all = new int[count];
        from.asIntBuffer().get(all);
        skip(from, count * Integer.BYTES);
        return all;
    }

    private static void skip(ByteBuffer from, int bytes) {
        from.position(from.position() + bytes);
    }

    private long size(int segments) {
        return 400
                + part.sizeBytes()
                + 41L * segments
                + bytes.length
                + 2L * shorts.length
                + 4L * ints.length
                + 8L * doubles.length;
    }

    /// As it is kept on a local disk: which part it is; how many segments, bytes, shorts, ints and
    /// doubles; then all arrays as they lie in memory, the lowest byte first. The disk cache has
    /// its checksum.
    byte[] encode() {
        int segments = starts.length;
        int size =
                part.storedBytes()
                        + 5 * Integer.BYTES
                        + segments * (5 * Integer.BYTES + Long.BYTES + Double.BYTES + 1)
                        + bytes.length
                        + shorts.length * Short.BYTES
                        + ints.length * Integer.BYTES
                        + doubles.length * Double.BYTES;
        ByteBuffer into = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        part.write(into);
        into.putInt(segments).putInt(bytes.length).putInt(shorts.length).putInt(ints.length);
        into.putInt(doubles.length);
        for (int[] each : new int[][] {starts, ends, stepsMs, timesAt, valuesAt, ints}) {
            into.asIntBuffer().put(each);
            skip(into, each.length * Integer.BYTES);
        }
        into.asLongBuffer().put(firstsMs);
        skip(into, segments * Long.BYTES);
        into.asDoubleBuffer().put(bases);
        skip(into, segments * Double.BYTES);
        into.asDoubleBuffer().put(doubles);
        skip(into, doubles.length * Double.BYTES);
        into.asShortBuffer().put(shorts);
        skip(into, shorts.length * Short.BYTES);
        into.put(kinds).put(bytes);
        return into.array();
    }

    /// What [#encode] gave.
    ///
    /// @throws RuntimeException if it is anything else
    static RowPage decode(byte[] stored) {
        return new RowPage(ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN));
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Which rows these are.
    RowPart part() {
        return part;
    }

    /// The first segment that ends behind a row; as many as there are if none does.
    private int segmentFrom(int row) {
        int found = Arrays.binarySearch(ends, row + 1);
        return found >= 0 ? found : -found - 1;
    }

    private long timeMs(int segment, int row) {
        int at = row - starts[segment];
        return firstsMs[segment]
                + (stepsMs[segment] == UNEVEN
                        ? ints[timesAt[segment] + at]
                        : (long) at * stepsMs[segment]);
    }

    /// The first of the rows `from` to `to` of a segment at or after a time; `to` if there is none.
    private int firstAtOrAfter(int segment, int from, int to, long timeMs) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timeMs(segment, middle) < timeMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Appends those of the rows `from` to `to` (exclusive) of one series whose times lie in a
    /// range. They follow one another.
    ///
    /// @return the first of them; `to` if there is none
    int append(int from, int to, TimeRange range, SampleColumns into, ReadBudget budget) {
        return append(from, to, range, null, into, budget);
    }

    /// As that, but where many rows lie between two looks, only those that are seen and the last.
    ///
    /// @param looks null for all
    /// @return the first of the rows in the range; `to` if there is none
    int append(
            int from,
            int to,
            TimeRange range,
            @Nullable Looks looks,
            SampleColumns into,
            ReadBudget budget) {
        int first = to;
        for (int segment = segmentFrom(from);
                segment < starts.length && starts[segment] < to;
                segment++) {
            int start = Math.max(from, starts[segment]);
            int end = Math.min(to, ends[segment]);
            if (timeMs(segment, start) < range.startMs()) {
                start = firstAtOrAfter(segment, start, end, range.startMs());
            }
            if (start < end && timeMs(segment, end - 1) >= range.endMs()) {
                end = firstAtOrAfter(segment, start, end, range.endMs());
            }
            if (start < end) {
                first = Math.min(first, start);
                if (looks != null && isDense(segment, start, end, looks)) {
                    appendSeen(segment, start, end, looks, into, budget);
                } else {
                    append(segment, start, end, into, budget);
                }
            }
        }
        return first;
    }

    private void append(int segment, int from, int to, SampleColumns into, ReadBudget budget) {
        for (int row = from; row < to; ) {
            int length = Math.min(ROWS_PER_CHARGE, to - row);
            budget.chargeSamples(length);
            into.reserve(length);
            int size = into.size();
            copyTimes(segment, row - starts[segment], length, into.timestampsMs(), size);
            copyValues(segment, row - starts[segment], length, into.values(), size);
            into.resize(size + length);
            row += length;
        }
    }

    private boolean isDense(int segment, int from, int to, Looks looks) {
        long spanMs = timeMs(segment, to - 1) - timeMs(segment, from);
        return (to - from) / ROWS_PER_LOOK > Math.min(looks.count(), spanMs / looks.stepMs() + 1);
    }

    private void appendSeen(
            int segment, int from, int to, Looks looks, SampleColumns into, ReadBudget budget) {
        long lastMs = timeMs(segment, to - 1);
        int first = looks.firstFrom(timeMs(segment, from));
        int most = 1 + Math.min(to - from, looks.firstFrom(lastMs) - first);
        into.reserve(most);
        long[] times = into.timestampsMs();
        double[] values = into.values();
        int size = into.size();
        int next = from;
        int look = first;
        for (; look < looks.count() && looks.at(look) < lastMs; look++) {
            int seen = newest(segment, next, to, looks.at(look));
            if (seen >= next) {
                times[size] = timeMs(segment, seen);
                copyValues(segment, seen - starts[segment], 1, values, size++);
                next = seen + 1;
            }
        }
        times[size] = lastMs;
        copyValues(segment, to - 1 - starts[segment], 1, values, size++);
        budget.chargeSamples(size - into.size());
        into.resize(size);
    }

    /// The last of the rows `from` to `to` at or before a time; the row before `from` if there is
    /// none.
    private int newest(int segment, int from, int to, long timeMs) {
        int stepMs = stepsMs[segment];
        if (stepMs == UNEVEN) {
            return firstAtOrAfter(segment, from, to, timeMs + 1) - 1;
        }
        return starts[segment] + (int) ((timeMs - firstsMs[segment]) / stepMs);
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
