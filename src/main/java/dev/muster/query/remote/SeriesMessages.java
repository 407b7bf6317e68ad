package dev.muster.query.remote;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;

/// Messages of series, samples and histograms. Owned by one thread.
final class SeriesMessages {
    private final WireWriter part = new WireWriter();
    private final WireWriter inner = new WireWriter();

    /// The labels as field `field` of a message, one message each.
    void labels(int field, Labels labels, WireWriter out) {
        for (int i = 0; i < labels.size(); i++) {
            part.clear();
            part.text(1, labels.name(i));
            part.text(2, labels.value(i));
            out.message(field, part);
        }
    }

    /// A `TimeSeries`: labels, numbers, and histograms.
    void series(Labels labels, SampleColumns columns, WireWriter out) {
        labels(1, labels, out);
        for (int i = 0; i < columns.size(); i++) {
            if (columns.histogram(i) == null) {
                part.clear();
                part.real(1, columns.values()[i]);
                part.number(2, columns.timestampsMs()[i]);
                out.message(2, part);
            }
        }
        for (int i = 0; i < columns.size(); i++) {
            NativeHistogram histogram = columns.histogram(i);
            if (histogram != null) {
                part.clear();
                histogram(histogram, columns.timestampsMs()[i]);
                out.message(4, part);
            }
        }
    }

    /// Counts as doubles: what a query has combined need not be whole.
    private void histogram(NativeHistogram histogram, long timestampMs) {
        part.real(2, histogram.count(), true);
        part.real(3, histogram.sum());
        part.zigZag(4, histogram.schema());
        part.real(5, histogram.zeroThreshold());
        part.real(7, histogram.zeroCount(), true);
        side(8, 10, Spans.of(histogram.negative()));
        side(11, 13, Spans.of(histogram.positive()));
        part.number(14, hint(histogram.counterReset()));
        part.number(15, timestampMs);
        if (histogram.hasCustomBounds()) {
            doubles(16, histogram.customBounds());
        }
    }

    private void side(int spanField, int countField, Spans spans) {
        for (int i = 0; i < spans.count(); i++) {
            inner.clear();
            inner.zigZag(1, spans.offset(i));
            inner.number(2, spans.length(i));
            part.message(spanField, inner);
        }
        doubles(countField, spans.counts());
    }

    private void doubles(int field, double[] values) {
        if (values.length > 0) {
            inner.clear();
            for (double value : values) {
                inner.fixed64(value);
            }
            part.message(field, inner);
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
}
