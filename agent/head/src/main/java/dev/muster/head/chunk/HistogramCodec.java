package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/// Bytes of a histogram: the difference from the one before in its series where both have the same
/// layout, else a key, which stands alone. Drawn in `docs/format/wal.md`.
public final class HistogramCodec {
    /*
     * Header, a varint: bit 0 key, bits 1-2 counter reset, bits 3-4 how counts are written, the rest is the
     * caller's. The counts are one row: count, zero count, positive buckets, negative buckets. For each eight of
     * them a byte says which differ from the base, 0 where there is none; their differences follow. Integers are
     * written as such only where all counts and their bases are whole and below 2^53, so that nothing is rounded.
     */
    private static final int KEY = 1;
    private static final int RESET_SHIFT = 1;
    private static final int MODE_SHIFT = 3;
    private static final int OWN_SHIFT = 5;

    /// Counts and sum are those of the base.
    private static final int SAME = 0;

    private static final int INTEGERS = 1;
    private static final int BITS = 2;

    private static final double INTEGER_LIMIT = 1L << 53;
    private static final int FIXED_COUNTS = 2;
    private static final double[] NO_COUNTS = {};

    private HistogramCodec() {}

    /// @param base the histogram that the reader knows; null if none
    /// @param own a number of the caller's, at least 0; small ones cost nothing
    public static void write(
            NativeHistogram histogram, @Nullable NativeHistogram base, int own, ByteWriter into) {
        NativeHistogram from = base != null && histogram.sameLayout(base) ? base : null;
        int mode = mode(histogram, from);
        into.varint(
                (long) own << OWN_SHIFT
                        | mode << MODE_SHIFT
                        | number(histogram.counterReset()) << RESET_SHIFT
                        | (from == null ? KEY : 0));
        if (from == null) {
            layout(histogram, into);
        }
        if (mode != SAME) {
            into.sparse(bits(histogram.sum()) ^ (from == null ? 0 : bits(from.sum())));
            counts(histogram, from, mode, into);
        }
    }

    private static int mode(NativeHistogram histogram, @Nullable NativeHistogram base) {
        boolean same = base != null && bits(histogram.sum()) == bits(base.sum());
        boolean integers = true;
        int size = size(histogram);
        for (int i = 0; i < size; i++) {
            double count = count(histogram, i);
            double before = base == null ? 0 : count(base, i);
            same &= bits(count) == bits(before);
            integers &= isInteger(count) && isInteger(before);
        }
        return same ? SAME : integers ? INTEGERS : BITS;
    }

    private static void layout(NativeHistogram histogram, ByteWriter into) {
        into.zigzag(histogram.schema());
        if (histogram.hasCustomBounds()) {
            into.varint(histogram.customBoundCount());
            long before = 0;
            for (int i = 0; i < histogram.customBoundCount(); i++) {
                long bound = bits(histogram.customBound(i));
                into.sparse(bound ^ before);
                before = bound;
            }
        } else {
            into.sparse(bits(histogram.zeroThreshold()));
        }
        indexes(histogram.positive(), into);
        indexes(histogram.negative(), into);
    }

    private static void indexes(Buckets buckets, ByteWriter into) {
        into.varint(buckets.size());
        long before = 0;
        for (int i = 0; i < buckets.size(); i++) {
            long index = buckets.index(i);
            if (i == 0) {
                into.zigzag(index);
            } else {
                into.varint(index - before - 1);
            }
            before = index;
        }
    }

    private static void counts(
            NativeHistogram histogram, @Nullable NativeHistogram base, int mode, ByteWriter into) {
        int size = size(histogram);
        for (int first = 0; first < size; first += 8) {
            int maskAt = into.size();
            into.u8(0);
            int mask = 0;
            for (int i = first; i < Math.min(size, first + 8); i++) {
                double count = count(histogram, i);
                double before = base == null ? 0 : count(base, i);
                if (bits(count) != bits(before)) {
                    mask |= 1 << (i - first);
                    if (mode == INTEGERS) {
                        into.zigzag((long) count - (long) before);
                    } else {
                        into.sparse(bits(count) ^ bits(before));
                    }
                }
            }
            into.array()[maskAt] = (byte) mask;
        }
    }

    /// The caller's number in a header.
    public static int own(long header) {
        long own = header >>> OWN_SHIFT;
        if (own > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("histogram header must be known: " + header);
        }
        return (int) own;
    }

    /// Reads a histogram whose header, a varint, is read already.
    ///
    /// @param base the histogram that the writer knew; null if none
    /// @throws IndexOutOfBoundsException if the bytes make no histogram
    public static NativeHistogram read(
            long header, ByteReader from, @Nullable NativeHistogram base) {
        CounterReset reset = counterReset((int) (header >>> RESET_SHIFT) & 3);
        int mode = (int) (header >>> MODE_SHIFT) & 3;
        try {
            if ((header & KEY) != 0) {
                NativeHistogram empty = empty(from);
                return mode == SAME
                        ? empty.withCounterReset(reset)
                        : counts(empty, reset, mode, from);
            }
            if (base == null) {
                throw new IndexOutOfBoundsException("histogram must have a base: header=" + header);
            }
            return mode == SAME ? base.withCounterReset(reset) : counts(base, reset, mode, from);
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static IndexOutOfBoundsException malformed(IllegalArgumentException cause) {
        IndexOutOfBoundsException e =
                new IndexOutOfBoundsException(
                        "histogram must be well formed: " + cause.getMessage());
        e.initCause(cause);
        return e;
    }

    /// A histogram of the layout that follows, with all counts 0.
    private static NativeHistogram empty(ByteReader from) {
        int schema = Math.toIntExact(from.zigzag());
        if (schema == NativeHistogram.CUSTOM_SCHEMA) {
            double[] bounds = new double[limited(from)];
            long bound = 0;
            for (int i = 0; i < bounds.length; i++) {
                bound ^= from.sparse();
                bounds[i] = Double.longBitsToDouble(bound);
            }
            Buckets buckets = indexes(from);
            indexes(from);
            return NativeHistogram.custom(CounterReset.UNKNOWN, 0, 0, bounds, buckets);
        }
        double zeroThreshold = Double.longBitsToDouble(from.sparse());
        Buckets positive = indexes(from);
        return NativeHistogram.exponential(
                schema, CounterReset.UNKNOWN, zeroThreshold, 0, 0, 0, positive, indexes(from));
    }

    private static Buckets indexes(ByteReader from) {
        int[] indexes = new int[limited(from)];
        long index = 0;
        for (int i = 0; i < indexes.length; i++) {
            index = i == 0 ? from.zigzag() : index + from.varint() + 1;
            if (index != (int) index) {
                throw new IndexOutOfBoundsException("bucket index must fit an int: found=" + index);
            }
            indexes[i] = (int) index;
        }
        return Buckets.of(indexes, new double[indexes.length]);
    }

    /// A count of things that take at least a byte each.
    private static int limited(ByteReader from) {
        int count = from.count();
        if (count > from.remaining()) {
            throw new IndexOutOfBoundsException(
                    "count must not be above the bytes there are: count="
                            + count
                            + ", bytes="
                            + from.remaining());
        }
        return count;
    }

    private static NativeHistogram counts(
            NativeHistogram base, CounterReset reset, int mode, ByteReader from) {
        double sum = Double.longBitsToDouble(bits(base.sum()) ^ from.sparse());
        double[] fixed = new double[FIXED_COUNTS];
        double[] positive = counts(base.positive());
        double[] negative = counts(base.negative());
        fixed[0] = base.count();
        fixed[1] = base.zeroCount();
        int size = FIXED_COUNTS + positive.length + negative.length;
        for (int first = 0; first < size; first += 8) {
            for (int mask = from.u8(); mask != 0; mask &= mask - 1) {
                int at = first + Integer.numberOfTrailingZeros(mask);
                if (at < FIXED_COUNTS) {
                    fixed[at] = changed(fixed[at], mode, from);
                } else if (at < FIXED_COUNTS + positive.length) {
                    int i = at - FIXED_COUNTS;
                    positive[i] = changed(positive[i], mode, from);
                } else {
                    int i = at - FIXED_COUNTS - positive.length;
                    negative[i] = changed(negative[i], mode, from);
                }
            }
        }
        return base.withCounts(reset, fixed[1], fixed[0], sum, positive, negative);
    }

    private static double[] counts(Buckets buckets) {
        double[] counts = buckets.size() == 0 ? NO_COUNTS : new double[buckets.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.count(i);
        }
        return counts;
    }

    private static double changed(double before, int mode, ByteReader from) {
        return mode == INTEGERS
                ? (long) before + from.zigzag()
                : Double.longBitsToDouble(bits(before) ^ from.sparse());
    }

    private static int size(NativeHistogram histogram) {
        return FIXED_COUNTS + histogram.positive().size() + histogram.negative().size();
    }

    private static double count(NativeHistogram histogram, int at) {
        if (at < FIXED_COUNTS) {
            return at == 0 ? histogram.count() : histogram.zeroCount();
        }
        int positive = at - FIXED_COUNTS;
        int size = histogram.positive().size();
        return positive < size
                ? histogram.positive().count(positive)
                : histogram.negative().count(positive - size);
    }

    private static boolean isInteger(double value) {
        return Math.abs(value) <= INTEGER_LIMIT && bits((double) (long) value) == bits(value);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static int number(CounterReset reset) {
        return switch (reset) {
            case UNKNOWN -> 0;
            case RESET -> 1;
            case NOT_RESET -> 2;
            case GAUGE -> 3;
        };
    }

    private static CounterReset counterReset(int number) {
        return switch (number) {
            case 0 -> CounterReset.UNKNOWN;
            case 1 -> CounterReset.RESET;
            case 2 -> CounterReset.NOT_RESET;
            default -> CounterReset.GAUGE;
        };
    }
}
