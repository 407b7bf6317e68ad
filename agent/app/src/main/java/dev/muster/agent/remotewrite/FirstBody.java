package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.util.Map;

/// A `prometheus.WriteRequest`.
///
/// Source: https://prometheus.io/docs/specs/prw/remote_write_spec/
final class FirstBody extends RequestBody {
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Type",
                    "application/x-protobuf",
                    "Content-Encoding",
                    "snappy",
                    "X-Prometheus-Remote-Write-Version",
                    "0.1.0");

    private final WireWriter message = new WireWriter();
    private final WireWriter series = new WireWriter();
    private final WireWriter part = new WireWriter();
    private final WireWriter pair = new WireWriter();

    @Override
    void writeSample(SentSeries of, long timestampMs, double value) {
        begin(of);
        part.clear();
        part.real(1, value).number(2, timestampMs);
        message.message(1, series.message(2, part));
    }

    private void begin(SentSeries of) {
        byte[] packed = of.packed;
        if (packed == null) {
            part.clear();
            labels(of.labels, part);
            packed = part.toBytes();
            of.packed = packed;
        }
        series.clear();
        series.raw(packed, 0, packed.length);
    }

    private void labels(Labels labels, WireWriter out) {
        labels.forEach((name, value) -> {
            pair.clear();
            out.message(1, pair.text(1, name).text(2, value));
        });
    }

    @Override
    void writeHistogram(SentSeries of, byte[] bytes, int from, int to) {
        begin(of);
        message.message(1, series.content(4, bytes, from, to));
    }

    @Override
    void writeExemplar(SentSeries of, Exemplar exemplar) {
        begin(of);
        part.clear();
        labels(exemplar.labels(), part);
        part.real(2, exemplar.value()).number(3, exemplar.timestampMs());
        message.message(1, series.message(3, part));
    }

    void metadata(String family, MetricMetadata metadata) {
        part.clear();
        part.number(1, type(metadata.type())).text(2, family);
        message.message(3, part.text(4, metadata.help()).text(5, metadata.unit()));
        countMetadata();
    }

    @Override
    RequestBody empty() {
        return new FirstBody();
    }

    @Override
    WireWriter items() {
        return message;
    }

    @Override
    WireWriter message() {
        return message;
    }

    @Override
    Map<String, String> headers() {
        return HEADERS;
    }
}
