package dev.muster.query.remote;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;

/// Writes last samples as messages of metric families, each after its length; histograms with all
/// their buckets. Owned by one thread.
final class FederationMessages {
    private static final int UNTYPED = 3;
    private static final int HISTOGRAM = 4;
    private static final int GAUGE_HISTOGRAM = 5;

    private final FederationFormat format;
    private final WireWriter family = new WireWriter();
    private final WireWriter metric = new WireWriter();
    private final WireWriter part = new WireWriter();
    private final WireWriter span = new WireWriter();

    FederationMessages(FederationFormat format) {
        this.format = format;
    }

    void write(Collection<Federation.Last> all, OutputStream out) throws IOException {
        String name = "";
        int type = 0;
        for (Federation.Last last : all) {
            String nextName = format.metric(last.labels().metric());
            int nextType = type(last);
            if (!nextName.equals(name) || nextType != type) {
                send(out);
                family.text(1, nextName);
                family.number(3, nextType);
            }
            name = nextName;
            type = nextType;
            metric(last);
            family.message(4, metric);
        }
        send(out);
    }

    private void send(OutputStream out) throws IOException {
        if (family.size() > 0) {
            part.clear();
            part.varint(family.size());
            part.writeTo(out);
            family.writeTo(out);
            family.clear();
        }
    }

    private static int type(Federation.Last last) {
        NativeHistogram histogram = last.histogram();
        if (histogram == null) {
            return UNTYPED;
        }
        return switch (histogram.counterReset()) {
            case GAUGE -> GAUGE_HISTOGRAM;
            case UNKNOWN, RESET, NOT_RESET -> HISTOGRAM;
        };
    }

    private void metric(Federation.Last last) {
        metric.clear();
        Labels labels = last.labels();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.METRIC)) {
                label(format.label(labels.name(i)), labels.value(i));
            }
        }
        if (labels.get("instance") == null) {
            label("instance", "");
        }
        part.clear();
        NativeHistogram histogram = last.histogram();
        if (histogram == null) {
            part.real(1, last.value(), true);
            metric.message(5, part);
            metric.number(6, last.timestampMs());
        } else {
            histogram(histogram);
            metric.number(6, last.timestampMs());
            metric.message(7, part);
        }
    }

    private void label(String name, String value) {
        part.clear();
        part.text(1, name);
        part.text(2, value);
        metric.message(1, part);
    }

    private void histogram(NativeHistogram histogram) {
        part.real(2, histogram.sum(), true);
        part.real(4, histogram.count(), true);
        part.zigZag(5, histogram.schema());
        part.real(6, histogram.zeroThreshold(), true);
        part.real(8, histogram.zeroCount(), true);
        side(9, 11, Spans.of(histogram.negative()));
        side(12, 14, Spans.of(histogram.positive()));
    }

    private void side(int spanField, int countField, Spans spans) {
        for (int i = 0; i < spans.count(); i++) {
            span.clear();
            span.zigZag(1, spans.offset(i));
            span.number(2, spans.length(i));
            part.message(spanField, span);
        }
        for (double count : spans.counts()) {
            part.real(countField, count, true);
        }
    }
}
