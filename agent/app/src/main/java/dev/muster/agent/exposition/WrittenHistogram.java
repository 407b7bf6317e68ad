package dev.muster.agent.exposition;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.Staleness;
import java.util.Arrays;

/// Reads the `Histogram` message of remote write, which 1.0 and 2.0 have in common. Reused;
/// confined to one thread.
public final class WrittenHistogram {
    private static final int MAX_WRITTEN_SCHEMA = 52;
    private static final String HINT = "is the sender one of one's own?";

    private final ExpositionLimits limits;
    private final WireReader in = new WireReader();
    private final WireReader packed = new WireReader();
    private final ProtobufSide positive;
    private final ProtobufSide negative;

    private byte[] body = new byte[0];
    private int from;
    private long countInt;
    private double countFloat;
    private boolean real;
    private double sum;
    private long schema;
    private double zeroThreshold;
    private long zeroInt;
    private double zeroFloat;
    private long resetHint;
    private long timestampMs;
    private long startMs;
    private double[] bounds = new double[16];
    private int boundCount;

    public WrittenHistogram(ExpositionLimits limits) {
        this.limits = limits;
        positive = new ProtobufSide(limits);
        negative = new ProtobufSide(limits);
    }

    /// Reads the message in a range of bytes.
    public void read(byte[] bytes, int start, int stop) throws ExpositionException {
        clear(bytes, start);
        in.reset(bytes, start, stop);
        while (in.next()) {
            switch (in.field) {
                case 1 -> countInt = in.number();
                case 2 -> {
                    countFloat = in.real();
                    real = true;
                }
                case 3 -> sum = in.real();
                case 4 -> schema = signed(in.number());
                case 5 -> zeroThreshold = in.real();
                case 6 -> zeroInt = in.number();
                case 7 -> {
                    zeroFloat = in.real();
                    real = true;
                }
                case 14 -> resetHint = in.number();
                case 15 -> timestampMs = in.number();
                case 16 -> bound();
                case 17 -> startMs = in.number();
                default -> side();
            }
        }
    }

    private void side() throws ExpositionException {
        switch (in.field) {
            case 8 -> negative.span(body, in);
            case 9 -> negative.delta(in);
            case 10 -> negative.count(in);
            case 11 -> positive.span(body, in);
            case 12 -> positive.delta(in);
            case 13 -> positive.count(in);
            default -> in.skip();
        }
    }

    private void clear(byte[] bytes, int start) {
        body = bytes;
        from = start;
        countInt = 0;
        countFloat = 0;
        real = false;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroInt = 0;
        zeroFloat = 0;
        resetHint = 0;
        timestampMs = 0;
        startMs = 0;
        boundCount = 0;
        positive.clear();
        negative.clear();
    }

    private static long signed(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private void bound() throws ExpositionException {
        if (!in.isBytes()) {
            addBound(in.real());
            return;
        }
        in.content();
        packed.reset(body, in.start, in.stop);
        while (packed.more()) {
            addBound(packed.fixed64());
        }
    }

    private void addBound(double bound) throws ExpositionException {
        if (boundCount >= limits.bucketCount()) {
            throw refuse("custom bounds must be within their limit: limit=" + limits.bucketCount());
        }
        if (boundCount == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * boundCount);
        }
        bounds[boundCount++] = bound;
    }

    public long timestampMs() {
        return timestampMs;
    }

    /// Since when it counts, Unix time; 0 for not known.
    public long startMs() {
        return startMs;
    }

    /// Does it say that the series ended?
    public boolean isStale() {
        return Staleness.isStale(sum);
    }

    /// The histogram.
    public NativeHistogram build() throws ExpositionException {
        boolean custom = schema == NativeHistogram.CUSTOM_SCHEMA;
        if (!custom && (schema < NativeHistogram.MIN_SCHEMA || schema > MAX_WRITTEN_SCHEMA)) {
            throw refuse("schema of a native histogram must be -53 or from -4: found=" + schema);
        }
        if (!(zeroThreshold >= 0)) {
            throw refuse("zero threshold must not be negative or NaN: found=" + zeroThreshold);
        }
        int finer = custom ? 0 : Math.max(0, (int) schema - NativeHistogram.MAX_SCHEMA);
        Buckets above = positive.build(from, real, finer);
        Buckets below = negative.build(from, real, finer);
        double zero = real ? zeroFloat : ProtobufHistogram.unsigned(zeroInt);
        double count = real ? countFloat : ProtobufHistogram.unsigned(countInt);
        check(above.total() + below.total() + zero, count, zero);
        try {
            return custom
                    ? NativeHistogram.custom(
                            reset(),
                            count,
                            ProtobufHistogram.ordinary(sum),
                            Arrays.copyOf(bounds, boundCount),
                            above)
                    : NativeHistogram.exponential(
                            (int) schema - finer,
                            reset(),
                            zeroThreshold,
                            zero,
                            count,
                            ProtobufHistogram.ordinary(sum),
                            above,
                            below);
        } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    private void check(double inBuckets, double count, double zero) throws ExpositionException {
        if (real && (!(zero >= 0) || !(count >= 0))) {
            throw refuse("counts of a native histogram must not be negative or NaN: " + count);
        }
        boolean adds = Double.isNaN(sum) ? inBuckets <= count : inBuckets == count;
        if (!real && !adds) {
            throw refuse(
                    "buckets of a native histogram must add up to its count: buckets="
                            + inBuckets
                            + ", count="
                            + count);
        }
    }

    private CounterReset reset() {
        return switch ((int) resetHint) {
            case 1 -> CounterReset.RESET;
            case 2 -> CounterReset.NOT_RESET;
            case 3 -> CounterReset.GAUGE;
            default -> CounterReset.UNKNOWN;
        };
    }

    private ExpositionException refuse(String rule) {
        return new ExpositionException(from, rule, HINT);
    }
}
