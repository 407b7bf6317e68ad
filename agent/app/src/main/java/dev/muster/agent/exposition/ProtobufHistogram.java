package dev.muster.agent.exposition;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.Staleness;

/// A `Histogram` message: its classic and its native side. Reused; owned by a [ProtobufReader].
final class ProtobufHistogram {
    private static final int SAMPLE_COUNT = 1;
    private static final int SAMPLE_SUM = 2;
    private static final int BUCKET = 3;
    private static final int SAMPLE_COUNT_FLOAT = 4;
    private static final int SCHEMA = 5;
    private static final int ZERO_THRESHOLD = 6;
    private static final int ZERO_COUNT = 7;
    private static final int ZERO_COUNT_FLOAT = 8;
    private static final int NEGATIVE_SPAN = 9;
    private static final int NEGATIVE_DELTA = 10;
    private static final int NEGATIVE_COUNT = 11;
    private static final int POSITIVE_SPAN = 12;
    private static final int POSITIVE_DELTA = 13;
    private static final int POSITIVE_COUNT = 14;
    private static final int CREATED = 15;
    private static final int EXEMPLAR = 16;

    /// Finest schema that the protocol sets aside; those above [NativeHistogram#MAX_SCHEMA] are
    /// made coarser.
    private static final int MAX_EXPOSED_SCHEMA = 52;

    private static final String HINT = "is it an instrumentation library of one's own?";

    private final WireReader in = new WireReader();
    private final WireReader buckets = new WireReader();
    private final WireReader bucket = new WireReader();
    private final ProtobufSide positive;
    private final ProtobufSide negative;

    private byte[] body = new byte[0];
    private int start;
    private int stop;

    private long sampleCount;
    private double sampleCountFloat;
    private double sampleSum;
    private long schema;
    private double zeroThreshold;
    private long zeroCount;
    private double zeroCountFloat;
    private int bucketCount;
    private int exemplarCount;
    private long startMs;

    private int bucketExemplarStart;
    private int bucketExemplarStop;
    private double bucketBound;
    private double bucketValue;

    ProtobufHistogram(ExpositionLimits limits) {
        positive = new ProtobufSide(limits);
        negative = new ProtobufSide(limits);
    }

    /// Reads the message.
    ///
    /// @param nativeToo whether its native side is wanted
    void read(byte[] body, int from, int to, boolean nativeToo) throws ExpositionException {
        clear(body, from, to);
        while (in.next()) {
            switch (in.field) {
                case SAMPLE_COUNT -> sampleCount = in.number();
                case SAMPLE_SUM -> sampleSum = in.real();
                case SAMPLE_COUNT_FLOAT -> sampleCountFloat = in.real();
                case CREATED -> {
                    in.content();
                    startMs = ProtobufTime.millis(bucket, body, in.start, in.stop);
                }
                case BUCKET -> {
                    in.content();
                    bucketCount++;
                }
                default -> {
                    if (nativeToo) {
                        nativeField();
                    } else {
                        in.skip();
                    }
                }
            }
        }
    }

    private void nativeField() throws ExpositionException {
        switch (in.field) {
            case SCHEMA -> {
                long value = in.number();
                schema = (value >>> 1) ^ -(value & 1);
            }
            case ZERO_THRESHOLD -> zeroThreshold = in.real();
            case ZERO_COUNT -> zeroCount = in.number();
            case ZERO_COUNT_FLOAT -> zeroCountFloat = in.real();
            case NEGATIVE_SPAN -> negative.span(body, in);
            case NEGATIVE_DELTA -> negative.delta(in);
            case NEGATIVE_COUNT -> negative.count(in);
            case POSITIVE_SPAN -> positive.span(body, in);
            case POSITIVE_DELTA -> positive.delta(in);
            case POSITIVE_COUNT -> positive.count(in);
            case EXEMPLAR -> {
                in.content();
                exemplarCount++;
            }
            default -> in.skip();
        }
    }

    private void clear(byte[] body, int from, int to) {
        this.body = body;
        start = from;
        stop = to;
        in.reset(body, from, to);
        buckets.reset(body, from, to);
        positive.clear();
        negative.clear();
        sampleCount = 0;
        sampleCountFloat = 0;
        sampleSum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        zeroCountFloat = 0;
        bucketCount = 0;
        exemplarCount = 0;
        startMs = 0;
    }

    /// Is there anything that only a native histogram has? One without observations has at least a
    /// span of no buckets.
    boolean isNative() {
        return positive.hasSpan()
                || negative.hasSpan()
                || zeroThreshold > 0
                || zeroCount != 0
                || zeroCountFloat > 0;
    }

    long startMs() {
        return startMs;
    }

    double count() {
        return sampleCountFloat > 0 ? sampleCountFloat : unsigned(sampleCount);
    }

    double sum() {
        return sampleSum;
    }

    int bucketCount() {
        return bucketCount;
    }

    /// Does it have exemplars of its own, beside those of classic buckets?
    boolean hasExemplars() {
        return exemplarCount > 0;
    }

    /// Collects the exemplars that stand for the native side.
    void exemplars(ProtobufExemplars into) throws ExpositionException {
        in.reset(body, start, stop);
        while (in.next()) {
            if (in.field == EXEMPLAR && hasExemplars()) {
                in.content();
                into.addTimed(in.start, in.stop);
            } else if (in.field == BUCKET && !hasExemplars()) {
                in.content();
                bucket(in.start, in.stop);
                if (bucketExemplarStart >= 0) {
                    into.addTimed(bucketExemplarStart, bucketExemplarStop);
                }
            } else {
                in.skip();
            }
        }
    }

    /// Goes to the first bucket again.
    void rewindBuckets() {
        buckets.reset(body, start, stop);
    }

    /// To the next classic bucket.
    boolean nextBucket() throws ExpositionException {
        while (buckets.next()) {
            if (buckets.field == BUCKET) {
                buckets.content();
                bucket(buckets.start, buckets.stop);
                return true;
            }
            buckets.skip();
        }
        bucketExemplarStart = -1;
        return false;
    }

    private void bucket(int from, int to) throws ExpositionException {
        bucketBound = 0;
        bucketExemplarStart = -1;
        bucketExemplarStop = -1;
        double real = 0;
        long whole = 0;
        bucket.reset(body, from, to);
        while (bucket.next()) {
            switch (bucket.field) {
                case 1 -> whole = bucket.number();
                case 2 -> bucketBound = bucket.real();
                case 3 -> {
                    bucket.content();
                    bucketExemplarStart = bucket.start;
                    bucketExemplarStop = bucket.stop;
                }
                case 4 -> real = bucket.real();
                default -> bucket.skip();
            }
        }
        bucketValue = real > 0 ? real : unsigned(whole);
    }

    double bucketBound() {
        return bucketBound;
    }

    double bucketValue() {
        return bucketValue;
    }

    /// Collects the exemplar of the bucket.
    void bucketExemplar(ProtobufExemplars into) throws ExpositionException {
        if (bucketExemplarStart >= 0) {
            into.add(bucketExemplarStart, bucketExemplarStop);
        }
    }

    /// The number that the bits are without a sign.
    static double unsigned(long count) {
        // half of it, its last bit kept for the rounding, is a positive number
        return count >= 0 ? count : 2.0 * ((count >>> 1) | (count & 1));
    }

    /// The native side as a histogram.
    NativeHistogram build(boolean gauge) throws ExpositionException {
        if (schema < NativeHistogram.MIN_SCHEMA || schema > MAX_EXPOSED_SCHEMA) {
            throw refuse("schema of a native histogram must be from -4 to 8: found=" + schema);
        }
        if (!(zeroThreshold >= 0)) {
            throw refuse("zero threshold must not be negative or NaN: found=" + zeroThreshold);
        }
        boolean real = sampleCountFloat > 0 || zeroCountFloat > 0;
        int finer = Math.max(0, (int) schema - NativeHistogram.MAX_SCHEMA);
        Buckets above = positive.build(start, real, finer);
        Buckets below = negative.build(start, real, finer);
        double zero = real ? zeroCountFloat : unsigned(zeroCount);
        if (!real) {
            checkCount(above.total() + below.total() + zero);
        } else if (!(zero >= 0) || !(sampleCountFloat >= 0)) {
            throw refuse(
                    "counts of a native histogram must not be negative or NaN: count="
                            + sampleCountFloat
                            + ", zeroCount="
                            + zero);
        }
        return NativeHistogram.exponential(
                (int) schema - finer,
                gauge ? CounterReset.GAUGE : CounterReset.UNKNOWN,
                zeroThreshold,
                zero,
                real ? sampleCountFloat : unsigned(sampleCount),
                ordinary(sampleSum),
                above,
                below);
    }

    /// Observations of NaN are counted and in no bucket; they make the sum NaN.
    private void checkCount(double inBuckets) throws ExpositionException {
        double count = unsigned(sampleCount);
        boolean adds = Double.isNaN(sampleSum) ? inBuckets <= count : inBuckets == count;
        if (!adds) {
            throw refuse(
                    "buckets of a native histogram must add up to its count: buckets="
                            + inBuckets
                            + ", count="
                            + count);
        }
    }

    /// The value, an ordinary NaN in place of any.
    static double ordinary(double value) {
        return Double.isNaN(value) ? Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS) : value;
    }

    private ExpositionException refuse(String rule) {
        return new ExpositionException(start, rule, HINT);
    }
}
