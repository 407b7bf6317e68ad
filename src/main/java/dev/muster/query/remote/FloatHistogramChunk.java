package dev.muster.query.remote;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.List;

/// Writes histograms of one layout with their times as one chunk of float histograms of Prometheus.
/// Reused; owned by one thread.
final class FloatHistogramChunk {
    /*
     * Two bytes with the number of samples and one whose two highest bits tell of counter resets;
     * then the layout: zero threshold, schema, spans of both sides, custom bounds. The first sample
     * has its time as a varbit and all numbers in 64 bits; each further one the change of the
     * distance, 0 at first, as a varbit, and numbers as XOR with those before.
     */
    private static final int RESET = 0b1000_0000;
    private static final int NO_RESET = 0b0100_0000;
    private static final int GAUGE = 0b1100_0000;

    /// Exponents of powers of two that a zero threshold has in one byte.
    private static final int LEAST_EXPONENT = -243;

    private static final int MOST_EXPONENT = 10;
    private static final int OTHER_THRESHOLD = 255;

    /// Custom bounds up to here, in whole thousandths, are written short.
    private static final double MOST_SHORT_BOUND = 33_554_430;

    private final BitWriter out = new BitWriter();
    private final XorValue count = new XorValue();
    private final XorValue zeroCount = new XorValue();
    private final XorValue sum = new XorValue();
    private List<XorValue> buckets = List.of();
    private int samples;
    private long lastMs;
    private long distanceMs;

    void clear() {
        out.clear();
        samples = 0;
    }

    int count() {
        return samples;
    }

    /// All histograms of a chunk must have the layout of the first.
    void append(long timestampMs, NativeHistogram histogram) {
        if (samples == 0) {
            begin(histogram);
            distanceMs = 0;
            out.varbit(timestampMs);
            count.first(out, histogram.count());
            zeroCount.first(out, histogram.zeroCount());
            sum.first(out, histogram.sum());
        } else {
            long newDistanceMs = timestampMs - lastMs;
            out.varbit(newDistanceMs - distanceMs);
            distanceMs = newDistanceMs;
            count.next(out, histogram.count());
            zeroCount.next(out, histogram.zeroCount());
            sum.next(out, histogram.sum());
        }
        int at = 0;
        for (double bucket : Spans.of(histogram.positive()).counts()) {
            bucket(at++, bucket);
        }
        for (double bucket : Spans.of(histogram.negative()).counts()) {
            bucket(at++, bucket);
        }
        lastMs = timestampMs;
        samples++;
    }

    private void bucket(int index, double value) {
        if (samples == 0) {
            buckets.get(index).first(out, value);
        } else {
            buckets.get(index).next(out, value);
        }
    }

    private void begin(NativeHistogram histogram) {
        out.bits(0, 16);
        out.bits(flags(histogram.counterReset()), 8);
        threshold(histogram.zeroThreshold());
        out.varbit(histogram.schema());
        Spans positive = Spans.of(histogram.positive());
        Spans negative = Spans.of(histogram.negative());
        spans(positive);
        spans(negative);
        if (histogram.hasCustomBounds()) {
            out.varbitUnsigned(histogram.customBoundCount());
            for (int i = 0; i < histogram.customBoundCount(); i++) {
                bound(histogram.customBound(i));
            }
        }
        buckets = new ArrayList<>();
        for (int i = positive.counts().length + negative.counts().length; i > 0; i--) {
            buckets.add(new XorValue());
        }
    }

    private static int flags(CounterReset reset) {
        return switch (reset) {
            case UNKNOWN -> 0;
            case RESET -> RESET;
            case NOT_RESET -> NO_RESET;
            case GAUGE -> GAUGE;
        };
    }

    private void threshold(double threshold) {
        if (threshold == 0) {
            out.bits(0, 8);
            return;
        }
        int exponent = Math.getExponent(threshold);
        boolean power = Math.scalb(1.0, exponent) == threshold;
        if (power && exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT) {
            out.bits(exponent - LEAST_EXPONENT + 1L, 8);
        } else {
            out.bits(OTHER_THRESHOLD, 8);
            out.real(threshold);
        }
    }

    private void spans(Spans spans) {
        out.varbitUnsigned(spans.count());
        for (int i = 0; i < spans.count(); i++) {
            out.varbitUnsigned(spans.length(i));
            out.varbit(spans.offset(i));
        }
    }

    private void bound(double bound) {
        double thousandths = Math.rint(bound * 1_000);
        if (bound < 0 || bound > MOST_SHORT_BOUND || bound != thousandths / 1_000) {
            out.bit(false);
            out.real(bound);
        } else {
            out.varbitUnsigned((long) thousandths + 1);
        }
    }

    /// The chunk; valid until the next change.
    BitWriter finish() {
        out.setByte(0, samples >>> 8);
        out.setByte(1, samples);
        return out;
    }
}
