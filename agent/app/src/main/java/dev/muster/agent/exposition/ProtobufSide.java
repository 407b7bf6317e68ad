package dev.muster.agent.exposition;

import dev.muster.model.histogram.Buckets;
import java.util.Arrays;

/// The buckets on one side of zero as they come: spans, and either deltas of whole counts or counts
/// that are doubles. Reused; owned by a [ProtobufHistogram].
final class ProtobufSide {
    private static final int OFFSET = 1;
    private static final int LENGTH = 2;
    private static final String HINT = "is it an instrumentation library of one's own?";

    /// Entries that are kept whatever the use.
    private static final int KEPT = 256;

    private final ExpositionLimits limits;
    private final WireReader inner = new WireReader();

    private long[] offsets = new long[8];
    private long[] lengths = new long[8];
    private int spanCount;
    private long[] deltas = new long[16];
    private int deltaCount;
    private double[] counts = new double[16];
    private int countCount;
    private int[] indexes = new int[16];

    ProtobufSide(ExpositionLimits limits) {
        this.limits = limits;
    }

    void clear() {
        if (deltas.length > KEPT && 4 * deltaCount < deltas.length) {
            deltas = new long[KEPT];
        }
        if (counts.length > KEPT && 4 * Math.max(countCount, deltaCount) < counts.length) {
            counts = new double[KEPT];
            indexes = new int[KEPT];
        }
        spanCount = 0;
        deltaCount = 0;
        countCount = 0;
    }

    boolean hasSpan() {
        return spanCount > 0;
    }

    /// Reads a span.
    void span(byte[] body, WireReader in) throws ExpositionException {
        in.content();
        checkCount(in.tagAt, "span", spanCount);
        long offset = 0;
        long length = 0;
        inner.reset(body, in.start, in.stop);
        while (inner.next()) {
            switch (inner.field) {
                case OFFSET -> {
                    long value = inner.number();
                    offset = (int) ((value >>> 1) ^ -(value & 1));
                }
                case LENGTH -> length = inner.number() & 0xffffffffL;
                default -> inner.skip();
            }
        }
        if (spanCount == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * spanCount);
            lengths = Arrays.copyOf(lengths, 2 * spanCount);
        }
        offsets[spanCount] = offset;
        lengths[spanCount++] = length;
    }

    /// Reads one delta or many that are packed.
    void delta(WireReader in) throws ExpositionException {
        if (!in.isBytes()) {
            long value = in.number();
            addDelta(in.tagAt, (value >>> 1) ^ -(value & 1));
            return;
        }
        in.content();
        int end = in.end;
        in.at = in.start;
        in.end = in.stop;
        while (in.at < in.end) {
            addDelta(in.at, in.zigZag());
        }
        in.end = end;
    }

    private void addDelta(int at, long delta) throws ExpositionException {
        checkCount(at, "bucket", deltaCount);
        if (deltaCount == deltas.length) {
            deltas = Arrays.copyOf(deltas, 2 * deltaCount);
        }
        deltas[deltaCount++] = delta;
    }

    /// Reads one count or many that are packed.
    void count(WireReader in) throws ExpositionException {
        if (!in.isBytes()) {
            addCount(in.tagAt, in.real());
            return;
        }
        in.content();
        int end = in.end;
        in.at = in.start;
        in.end = in.stop;
        while (in.at < in.end) {
            addCount(in.at, in.fixed64());
        }
        in.end = end;
    }

    private void addCount(int at, double count) throws ExpositionException {
        checkCount(at, "bucket", countCount);
        if (!(count >= 0) || count == Double.POSITIVE_INFINITY) {
            throw new ExpositionException(
                    at, "count of a bucket must be finite and not negative: found=" + count, HINT);
        }
        if (countCount == counts.length) {
            growCounts();
        }
        counts[countCount++] = count;
    }

    private void growCounts() {
        counts = Arrays.copyOf(counts, 2 * counts.length);
        indexes = Arrays.copyOf(indexes, counts.length);
    }

    private void checkCount(int at, String what, int count) throws ExpositionException {
        if (count >= limits.bucketCount()) {
            throw new ExpositionException(
                    at,
                    what
                            + " count of a native histogram must be within its limit: limit="
                            + limits.bucketCount(),
                    "choose a coarser schema, or let the library limit its buckets");
        }
    }

    /// The buckets that are not empty.
    ///
    /// @param at place for errors
    /// @param real whether counts are doubles
    /// @param finer by how many powers of two to make the buckets wider
    Buckets build(int at, boolean real, int finer) throws ExpositionException {
        if (!real) {
            sumDeltas(at);
        }
        int given = real ? countCount : deltaCount;
        int size = 0;
        int taken = 0;
        long index = 0;
        for (int span = 0; span < spanCount; span++) {
            if (span > 0 && offsets[span] < 0) {
                throw new ExpositionException(
                        at, "spans of buckets must ascend: offset=" + offsets[span], HINT);
            }
            index += offsets[span];
            if (lengths[span] > given - taken) {
                throw mismatch(at, given);
            }
            for (int i = 0; i < lengths[span]; i++) {
                size = put(at, size, index++, counts[taken++], finer);
            }
        }
        if (taken < given) {
            throw mismatch(at, given);
        }
        return Buckets.of(indexes, counts, size);
    }

    /// Puts a count at its place among those not empty, which is never behind where it came from.
    private int put(int at, int size, long index, double count, int finer)
            throws ExpositionException {
        if (index < Integer.MIN_VALUE || index > Integer.MAX_VALUE) {
            throw new ExpositionException(
                    at, "index of a bucket must fit 32 bits: found=" + index, HINT);
        }
        if (count == 0) {
            return size;
        }
        int wide = (int) (((index - 1) >> finer) + 1);
        if (size > 0 && indexes[size - 1] == wide) {
            counts[size - 1] += count;
            return size;
        }
        indexes[size] = wide;
        counts[size] = count;
        return size + 1;
    }

    private void sumDeltas(int at) throws ExpositionException {
        long count = 0;
        while (counts.length < deltaCount) {
            growCounts();
        }
        for (int i = 0; i < deltaCount; i++) {
            count += deltas[i];
            if (count < 0) {
                throw new ExpositionException(
                        at, "count of a bucket must not be negative: found=" + count, HINT);
            }
            counts[i] = count;
        }
    }

    private ExpositionException mismatch(int at, int given) {
        long spanned = 0;
        for (int i = 0; i < spanCount; i++) {
            spanned += lengths[i];
        }
        return new ExpositionException(
                at,
                "spans must have as many buckets as there are counts: spans="
                        + spanned
                        + ", counts="
                        + given,
                HINT);
    }
}
