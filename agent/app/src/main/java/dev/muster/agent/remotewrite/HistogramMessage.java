package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;

/// Writes native histograms as messages of remote write: those of both versions have the same
/// fields. Counts are floats, as they are stored. Confined to one thread.
///
/// Source: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
final class HistogramMessage {
    private static final int COUNT_FLOAT = 2;
    private static final int SUM = 3;
    private static final int SCHEMA = 4;
    private static final int ZERO_THRESHOLD = 5;
    private static final int ZERO_COUNT_FLOAT = 7;
    private static final int NEGATIVE_SPANS = 8;
    private static final int NEGATIVE_COUNTS = 10;
    private static final int POSITIVE_SPANS = 11;
    private static final int POSITIVE_COUNTS = 13;
    private static final int RESET_HINT = 14;
    private static final int TIMESTAMP = 15;
    private static final int CUSTOM_VALUES = 16;

    private final WireWriter inner = new WireWriter();

    void write(NativeHistogram histogram, long timestampMs, WireWriter out) {
        out.clear();
        out.real(COUNT_FLOAT, histogram.count()).real(SUM, histogram.sum());
        out.number(SCHEMA, LogBytes.zigZag(histogram.schema()));
        out.real(ZERO_THRESHOLD, histogram.zeroThreshold());
        out.real(ZERO_COUNT_FLOAT, histogram.zeroCount());
        buckets(histogram.negative(), NEGATIVE_SPANS, NEGATIVE_COUNTS, out);
        buckets(histogram.positive(), POSITIVE_SPANS, POSITIVE_COUNTS, out);
        out.number(RESET_HINT, hint(histogram.counterReset())).number(TIMESTAMP, timestampMs);
        if (histogram.hasCustomBounds()) {
            inner.clear();
            for (int i = 0; i < histogram.customBoundCount(); i++) {
                inner.fixed64(Double.doubleToRawLongBits(histogram.customBound(i)));
            }
            out.message(CUSTOM_VALUES, inner);
        }
    }

    private static int hint(CounterReset reset) {
        return switch (reset) {
            case UNKNOWN -> 0;
            case RESET -> 1;
            case NOT_RESET -> 2;
            case GAUGE -> 3;
        };
    }

    /// Spans are runs of buckets: the distance from the end of the one before, and the length.
    private void buckets(Buckets buckets, int spans, int counts, WireWriter out) {
        int size = buckets.size();
        if (size == 0) {
            return;
        }
        int last = 0;
        for (int from = 0; from < size; ) {
            int to = from + 1;
            while (to < size && buckets.index(to) == buckets.index(to - 1) + 1) {
                to++;
            }
            inner.clear();
            inner.number(1, LogBytes.zigZag(buckets.index(from) - last)).number(2, to - from);
            out.message(spans, inner);
            last = buckets.index(to - 1) + 1;
            from = to;
        }
        inner.clear();
        for (int i = 0; i < size; i++) {
            inner.fixed64(Double.doubleToRawLongBits(buckets.count(i)));
        }
        out.message(counts, inner);
    }
}
