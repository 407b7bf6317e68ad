package dev.muster.model.frame;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.series.ReadBudget;
import org.jspecify.annotations.Nullable;

/// The histograms of one piece as bytes, each as what differs from the one before it. One codec
/// codes one piece. Confined to one thread.
public final class HistogramCodec {
    /*
     * A histogram is a header byte, its shape unless that is the same as before, its sum, then its counts: all, zero bucket,
     * positive buckets, negative buckets. A count is coded against the count that the bucket of the same index had
     * before, 0 where there was none or where the schema or the bounds have changed.
     *
     * counts are WHOLE when every one of them is a whole number that a long and a double both hold exactly. They are then
     * differences (zigzag), and a difference of 0 is followed by how many more follow it (varint). Else they are
     * the XOR of their bits, like values: a header byte, then the bytes that count.
     */
    private static final int SAME_SHAPE = 1;
    private static final int WHOLE = 2;
    private static final int RESET_SHIFT = 2;
    private static final int HEADERS = 16;

    /// Whole numbers up to this magnitude are doubles without loss.
    private static final double WHOLE_LIMIT = 0x1p53;

    private static final CounterReset[] RESETS = CounterReset.values();

    private @Nullable NativeHistogram before;
    private boolean beforeWhole;
    private int zeroRun;

    /// A codec for a new piece.
    public HistogramCodec() {}

    /// How many entries of buckets and bounds a histogram has.
    public static int buckets(NativeHistogram histogram) {
        return histogram.positive().size()
                + histogram.negative().size()
                + histogram.customBoundCount();
    }

    /// Appends the next histogram.
    ///
    /// @throws IllegalArgumentException if it has more buckets than any reader takes
    public void encode(NativeHistogram histogram, ByteSink out) {
        if (buckets(histogram) > Frames.BUCKETS_LIMIT) {
            throw new IllegalArgumentException(
                    "a histogram must have at most "
                            + Frames.BUCKETS_LIMIT
                            + " buckets and bounds: found="
                            + buckets(histogram));
        }
        boolean same = sameShape(histogram);
        boolean whole = whole(histogram);
        out.writeByte(
                (same ? SAME_SHAPE : 0)
                        | (whole ? WHOLE : 0)
                        | histogram.counterReset().ordinal() << RESET_SHIFT);
        if (!same) {
            encodeShape(histogram, out);
        }
        NativeHistogram base = base(histogram.schema(), histogram);
        encodeBits(histogram.sum(), base == null ? 0 : base.sum(), out);
        if (whole) {
            encodeWhole(histogram, beforeWhole ? base : null, out);
        } else {
            encodeBits(histogram, base, out);
        }
        before = histogram;
        beforeWhole = whole;
    }

    /// Reads the next histogram.
    ///
    /// @param budget charged for what the histogram takes beyond a sample, before it is made
    public NativeHistogram decode(ByteSource in, ReadBudget budget) throws FrameFormatException {
        int header = in.readByte();
        if (header >= HEADERS) {
            throw damaged(in, "header of a histogram must be below 16: found=" + header);
        }
        NativeHistogram shape = before;
        try {
            if ((header & SAME_SHAPE) == 0) {
                shape = decodeShape(in);
            } else if (shape == null) {
                throw damaged(in, "the first histogram of a piece must have a shape");
            }
            budget.chargeSamples(shape.weightInSamples());
            NativeHistogram histogram =
                    decodeCounts(in, shape, RESETS[header >> RESET_SHIFT], (header & WHOLE) != 0);
            before = histogram;
            beforeWhole = (header & WHOLE) != 0;
            return histogram;
        } catch (IllegalArgumentException e) {
            throw damaged(in, String.valueOf(e.getMessage()));
        }
    }

    private boolean sameShape(NativeHistogram histogram) {
        return before != null
                && before.schema() == histogram.schema()
                && bits(before.zeroThreshold()) == bits(histogram.zeroThreshold())
                && before.positive().sameIndexes(histogram.positive())
                && before.negative().sameIndexes(histogram.negative())
                && before.sameBounds(histogram);
    }

    /// What counts are coded against; null for zeros.
    private @Nullable NativeHistogram base(int schema, NativeHistogram shape) {
        return before != null && before.schema() == schema && before.sameBounds(shape)
                ? before
                : null;
    }

    private static void encodeShape(NativeHistogram histogram, ByteSink out) {
        out.writeZigzag(histogram.schema());
        out.writeLong(bits(histogram.zeroThreshold()));
        out.writeVarint(histogram.customBoundCount());
        for (int i = 0; i < histogram.customBoundCount(); i++) {
            out.writeLong(bits(histogram.customBound(i)));
        }
        encodeIndexes(histogram.positive(), out);
        encodeIndexes(histogram.negative(), out);
    }

    /// A histogram without counts.
    private static NativeHistogram decodeShape(ByteSource in) throws FrameFormatException {
        long schema = in.readZigzag();
        double zeroThreshold = Double.longBitsToDouble(in.readLong());
        double[] bounds = new double[in.readCount("number of bounds", in.left() / Double.BYTES)];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Double.longBitsToDouble(in.readLong());
        }
        Buckets positive = decodeIndexes(in);
        Buckets negative = decodeIndexes(in);
        if (schema != NativeHistogram.CUSTOM_SCHEMA) {
            if (bounds.length > 0) {
                throw damaged(in, "only custom buckets have bounds: schema=" + schema);
            }
            return NativeHistogram.exponential(
                    Math.clamp(schema, Integer.MIN_VALUE, Integer.MAX_VALUE),
                    CounterReset.UNKNOWN,
                    zeroThreshold,
                    0,
                    0,
                    0,
                    positive,
                    negative);
        }
        if (negative.size() > 0 || bits(zeroThreshold) != 0) {
            throw damaged(in, "custom buckets must be positive, without a zero bucket");
        }
        return NativeHistogram.custom(CounterReset.UNKNOWN, 0, 0, bounds, positive);
    }

    /// Indexes ascend: the first as it is, then how many are left out between two.
    private static void encodeIndexes(Buckets buckets, ByteSink out) {
        out.writeVarint(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            if (i == 0) {
                out.writeZigzag(buckets.index(0));
            } else {
                out.writeVarint((long) buckets.index(i) - buckets.index(i - 1) - 1);
            }
        }
    }

    private static Buckets decodeIndexes(ByteSource in) throws FrameFormatException {
        int count = in.readCount("number of buckets", Math.min(in.left(), Frames.BUCKETS_LIMIT));
        int[] indexes = new int[count];
        long index = 0;
        for (int i = 0; i < count; i++) {
            index =
                    i == 0
                            ? in.readZigzag()
                            : index + 1 + in.readCount("gap of buckets", Integer.MAX_VALUE);
            if (index != (int) index) {
                throw damaged(in, "index of a bucket must fit an int: found=" + index);
            }
            indexes[i] = (int) index;
        }
        return Buckets.of(indexes, new double[count]);
    }

    private void encodeWhole(NativeHistogram to, @Nullable NativeHistogram from, ByteSink out) {
        zeroRun = 0;
        encodeDifference(to.count(), from == null ? 0 : from.count(), out);
        encodeDifference(to.zeroCount(), from == null ? 0 : from.zeroCount(), out);
        encodeWhole(to.positive(), from == null ? Buckets.NONE : from.positive(), out);
        encodeWhole(to.negative(), from == null ? Buckets.NONE : from.negative(), out);
        endZeroRun(out);
    }

    private void encodeWhole(Buckets to, Buckets from, ByteSink out) {
        for (int i = 0; i < to.size(); i++) {
            encodeDifference(to.count(i), countAt(from, i, to.index(i)), out);
        }
    }

    private void encodeDifference(double count, double base, ByteSink out) {
        long difference = (long) count - (long) base;
        if (difference == 0) {
            zeroRun++;
        } else {
            endZeroRun(out);
            out.writeZigzag(difference);
        }
    }

    private void endZeroRun(ByteSink out) {
        if (zeroRun > 0) {
            out.writeByte(0);
            out.writeVarint(zeroRun - 1);
            zeroRun = 0;
        }
    }

    private static void encodeBits(
            NativeHistogram to, @Nullable NativeHistogram from, ByteSink out) {
        encodeBits(to.count(), from == null ? 0 : from.count(), out);
        encodeBits(to.zeroCount(), from == null ? 0 : from.zeroCount(), out);
        encodeBits(to.positive(), from == null ? Buckets.NONE : from.positive(), out);
        encodeBits(to.negative(), from == null ? Buckets.NONE : from.negative(), out);
    }

    private static void encodeBits(Buckets to, Buckets from, ByteSink out) {
        for (int i = 0; i < to.size(); i++) {
            encodeBits(to.count(i), countAt(from, i, to.index(i)), out);
        }
    }

    private static void encodeBits(double value, double base, ByteSink out) {
        long xor = bits(value) ^ bits(base);
        if (xor == 0) {
            out.writeByte(0);
        } else {
            ColumnCodec.writeXor(xor, out);
        }
    }

    private static double decodeBits(ByteSource in, double base) throws FrameFormatException {
        int header = in.readByte();
        return header == 0
                ? base
                : Double.longBitsToDouble(bits(base) ^ ColumnCodec.readXor(header, in));
    }

    private NativeHistogram decodeCounts(
            ByteSource in, NativeHistogram shape, CounterReset reset, boolean whole)
            throws FrameFormatException {
        NativeHistogram base = base(shape.schema(), shape);
        double sum = decodeBits(in, base == null ? 0 : base.sum());
        NativeHistogram from = whole && !beforeWhole ? null : base;
        zeroRun = 0;
        double count = decodeCount(in, from == null ? 0 : from.count(), whole);
        double zeroCount = decodeCount(in, from == null ? 0 : from.zeroCount(), whole);
        Buckets positive =
                decodeCounts(
                        in, shape.positive(), from == null ? Buckets.NONE : from.positive(), whole);
        Buckets negative =
                decodeCounts(
                        in, shape.negative(), from == null ? Buckets.NONE : from.negative(), whole);
        if (zeroRun > 0) {
            throw damaged(in, "counts must end with the buckets: left=" + zeroRun);
        }
        if (!shape.hasCustomBounds()) {
            return NativeHistogram.exponential(
                    shape.schema(),
                    reset,
                    shape.zeroThreshold(),
                    zeroCount,
                    count,
                    sum,
                    positive,
                    negative);
        }
        return NativeHistogram.custom(reset, count, sum, shape.customBounds(), positive);
    }

    private Buckets decodeCounts(ByteSource in, Buckets shape, Buckets from, boolean whole)
            throws FrameFormatException {
        int[] indexes = new int[shape.size()];
        double[] counts = new double[shape.size()];
        for (int i = 0; i < counts.length; i++) {
            indexes[i] = shape.index(i);
            counts[i] = decodeCount(in, countAt(from, i, indexes[i]), whole);
        }
        return Buckets.of(indexes, counts);
    }

    private double decodeCount(ByteSource in, double base, boolean whole)
            throws FrameFormatException {
        if (!whole) {
            return decodeBits(in, base);
        }
        if (zeroRun > 0) {
            zeroRun--;
            return base;
        }
        long difference = in.readZigzag();
        if (difference == 0) {
            zeroRun = in.readCount("run of equal counts", 2 * Frames.BUCKETS_LIMIT);
        }
        return (double) ((long) base + difference);
    }

    /// The count of the bucket with that index, which is mostly at that position.
    private static double countAt(Buckets buckets, int position, int index) {
        return position < buckets.size() && buckets.index(position) == index
                ? buckets.count(position)
                : buckets.countOf(index);
    }

    private static boolean whole(NativeHistogram histogram) {
        return whole(histogram.count())
                && whole(histogram.zeroCount())
                && whole(histogram.positive())
                && whole(histogram.negative());
    }

    private static boolean whole(Buckets buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            if (!whole(buckets.count(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean whole(double count) {
        return Math.abs(count) <= WHOLE_LIMIT && bits((double) (long) count) == bits(count);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static FrameFormatException damaged(ByteSource in, String what) {
        return new FrameFormatException("frame positionBytes=" + in.position() + ": " + what);
    }
}
