package dev.muster.blocks.read;

import java.util.Arrays;

/// Makes pages of rows small, see [RowPage]. Confined to one thread at a time.
final class RowPageBuilder {
    /// Whole numbers that a double holds exactly, and half as much beside it.
    private static final long LARGEST_WHOLE = 1L << 52;

    private static final long MINUS_ZERO_BITS = Double.doubleToRawLongBits(-0.0);

    private long[] timesMs = {};
    private double[] values = {};
    private Rows made = NOTHING;
    private int segment;

    /// What is to be made small, from the first row of the segment on.
    private long[] wholes = {};

    int[] starts = new int[32];
    int[] ends = new int[32];
    long[] firstsMs = new long[32];
    int[] stepsMs = new int[32];
    int[] timesAt = new int[32];
    byte[] kinds = new byte[32];
    double[] bases = new double[32];
    int[] valuesAt = new int[32];
    byte[] bytes = {};
    int byteCount;
    short[] shorts = {};
    int shortCount;
    int[] ints = {};
    int intCount;
    double[] doubles = {};
    int doubleCount;

    /// The uneven times written last.
    private int sharedAt;

    private int sharedLength;

    /// Some rows of a page, from `from` to `to` (exclusive).
    @FunctionalInterface
    interface Rows {
        void make(int from, int to);
    }

    private static final Rows NOTHING = (_, _) -> {};

    /// All rows of a page.
    ///
    /// @param timesMs ascending within a series
    /// @param values as many
    static RowPage build(long[] timesMs, double[] values) {
        return build(timesMs, values, RowPart.all(timesMs.length));
    }

    /// @param part what is kept of the page
    static RowPage build(long[] timesMs, double[] values, RowPart part) {
        return new RowPageBuilder().page(timesMs, values, NOTHING, part);
    }

    /// @param timesMs of the rows of the part; of others anything
    /// @param values as many
    /// @param made puts values in their places, asked before they are read
    RowPage page(long[] timesMs, double[] values, Rows made, RowPart part) {
        this.timesMs = timesMs;
        this.values = values;
        this.made = made;
        segment = 0;
        byteCount = 0;
        shortCount = 0;
        intCount = 0;
        doubleCount = 0;
        sharedAt = 0;
        sharedLength = 0;
        for (int range = 0; range < part.ranges(); range++) {
            addRange(part.start(range), part.end(range), part);
        }
        this.made = NOTHING;
        return new RowPage(this, part);
    }

    private void addRange(int from, int to, RowPart part) {
        long[] times = timesMs;
        for (int start = from; start < to; ) {
            int end = start + 1;
            long last = times[start];
            long latest = last + Integer.MAX_VALUE;
            while (end < to && times[end] > last && times[end] <= latest) {
                last = times[end++];
            }
            addWithin(start, end, part);
            start = end;
        }
    }

    /// Adds those rows of a series whose times are wanted.
    private void addWithin(int from, int to, RowPart part) {
        int start = from;
        int end = to;
        while (start < end && timesMs[start] < part.startMs()) {
            start++;
        }
        while (start < end && timesMs[end - 1] >= part.endMs()) {
            end--;
        }
        if (start < end) {
            add(start, end);
        }
    }

    int segments() {
        return segment;
    }

    private void add(int from, int to) {
        if (segment == starts.length) {
            grow();
        }
        starts[segment] = from;
        ends[segment] = to;
        timesAt[segment] = 0;
        bases[segment] = 0;
        valuesAt[segment] = 0;
        firstsMs[segment] = timesMs[from];
        addTimes(from, to);
        made.make(from, to);
        addValues(from, to);
        segment++;
    }

    private void grow() {
        int capacity = 2 * starts.length;
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        firstsMs = Arrays.copyOf(firstsMs, capacity);
        stepsMs = Arrays.copyOf(stepsMs, capacity);
        timesAt = Arrays.copyOf(timesAt, capacity);
        kinds = Arrays.copyOf(kinds, capacity);
        bases = Arrays.copyOf(bases, capacity);
        valuesAt = Arrays.copyOf(valuesAt, capacity);
    }

    private void addTimes(int from, int to) {
        long step = to - from < 2 ? 0 : timesMs[from + 1] - timesMs[from];
        int even = from + 1;
        while (even < to && timesMs[even] - timesMs[even - 1] == step) {
            even++;
        }
        if (even == to) {
            stepsMs[segment] = (int) step;
            return;
        }
        stepsMs[segment] = RowPage.UNEVEN;
        int length = to - from;
        reserveInts(length);
        for (int i = 0; i < length; i++) {
            ints[intCount + i] = (int) (timesMs[from + i] - timesMs[from]);
        }
        if (length <= sharedLength
                && Arrays.equals(
                        ints, sharedAt, sharedAt + length, ints, intCount, intCount + length)) {
            timesAt[segment] = sharedAt;
        } else {
            timesAt[segment] = intCount;
            sharedAt = intCount;
            sharedLength = length;
            intCount += length;
        }
    }

    private void addValues(int from, int to) {
        long bits = Double.doubleToRawLongBits(values[from]);
        int same = from + 1;
        while (same < to && Double.doubleToRawLongBits(values[same]) == bits) {
            same++;
        }
        if (same == to) {
            kinds[segment] = RowPage.SAME;
            bases[segment] = values[from];
        } else if (!addWhole(from, to) && !addThousandths(from, to)) {
            kinds[segment] = RowPage.DOUBLES;
            valuesAt[segment] = doubleCount;
            reserveDoubles(to - from);
            System.arraycopy(values, from, doubles, doubleCount, to - from);
            doubleCount += to - from;
        }
    }

    private boolean addWhole(int from, int to) {
        reserveWholes(to - from);
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        double[] numbers = values;
        long[] into = wholes;
        for (int i = from; i < to; i++) {
            double value = numbers[i];
            long whole = (long) value;
            if (whole != value
                    || (whole == 0 && Double.doubleToRawLongBits(value) == MINUS_ZERO_BITS)) {
                return false;
            }
            into[i - from] = whole;
            least = Math.min(least, whole);
            most = Math.max(most, whole);
        }
        return addNumbers(to - from, least, most, (byte) 0);
    }

    private boolean addThousandths(int from, int to) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        double[] numbers = values;
        long[] into = wholes;
        for (int i = from; i < to; i++) {
            double number = Math.rint(numbers[i] * RowPage.PER_UNIT);
            if (Double.doubleToRawLongBits(number / RowPage.PER_UNIT)
                            != Double.doubleToRawLongBits(numbers[i])
                    || !(Math.abs(number) <= LARGEST_WHOLE)
                    || (number == 0 && Double.doubleToRawLongBits(number) == MINUS_ZERO_BITS)) {
                return false;
            }
            into[i - from] = (long) number;
            least = Math.min(least, number);
            most = Math.max(most, number);
        }
        return addNumbers(to - from, (long) least, (long) most, RowPage.THOUSANDTHS);
    }

    /// Keeps whole numbers as what they differ from one in the middle; false if that is too much.
    private boolean addNumbers(int length, long least, long most, byte unit) {
        long span = most - least;
        if (least < -LARGEST_WHOLE || most > LARGEST_WHOLE || span >= 1L << Integer.SIZE) {
            return false;
        }
        long[] from = wholes;
        if (span < 1 << Byte.SIZE) {
            kinds[segment] = (byte) (RowPage.BYTES + unit);
            long base = base(least, -Byte.MIN_VALUE);
            reserveBytes(length);
            valuesAt[segment] = byteCount;
            byte[] into = bytes;
            int at = byteCount;
            for (int i = 0; i < length; i++) {
                into[at + i] = (byte) (from[i] - base);
            }
            byteCount += length;
        } else if (span < 1 << Short.SIZE) {
            kinds[segment] = (byte) (RowPage.SHORTS + unit);
            long base = base(least, -Short.MIN_VALUE);
            reserveShorts(length);
            valuesAt[segment] = shortCount;
            short[] into = shorts;
            int at = shortCount;
            for (int i = 0; i < length; i++) {
                into[at + i] = (short) (from[i] - base);
            }
            shortCount += length;
        } else {
            kinds[segment] = (byte) (RowPage.INTS + unit);
            long base = base(least, 1L << 31);
            reserveInts(length);
            valuesAt[segment] = intCount;
            int[] into = ints;
            int at = intCount;
            for (int i = 0; i < length; i++) {
                into[at + i] = (int) (from[i] - base);
            }
            intCount += length;
        }
        return true;
    }

    private long base(long least, long toMiddle) {
        bases[segment] = least + toMiddle;
        return least + toMiddle;
    }

    private void reserveWholes(int count) {
        if (wholes.length < count) {
            wholes = new long[count];
        }
    }

    private void reserveBytes(int more) {
        if (byteCount + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(byteCount + more, 2 * byteCount));
        }
    }

    private void reserveShorts(int more) {
        if (shortCount + more > shorts.length) {
            shorts = Arrays.copyOf(shorts, Math.max(shortCount + more, 2 * shortCount));
        }
    }

    private void reserveInts(int more) {
        if (intCount + more > ints.length) {
            ints = Arrays.copyOf(ints, Math.max(intCount + more, 2 * intCount));
        }
    }

    private void reserveDoubles(int more) {
        if (doubleCount + more > doubles.length) {
            doubles = Arrays.copyOf(doubles, Math.max(doubleCount + more, 2 * doubleCount));
        }
    }
}
