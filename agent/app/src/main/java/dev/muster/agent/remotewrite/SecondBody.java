package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.util.LinkedHashMap;
import java.util.Map;

/// An `io.prometheus.write.v2.Request`: texts stand once, in a table.
///
/// Source: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
final class SecondBody extends RequestBody {
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Type",
                    "application/x-protobuf;proto=io.prometheus.write.v2.Request",
                    "Content-Encoding",
                    "snappy",
                    "X-Prometheus-Remote-Write-Version",
                    "2.0.0");

    private final Map<String, Integer> symbols = new LinkedHashMap<>();
    private final WireWriter message = new WireWriter();
    private final WireWriter series = new WireWriter();
    private final WireWriter part = new WireWriter();
    private final WireWriter numbers = new WireWriter();

    SecondBody() {
        symbols.put("", 0);
    }

    private int symbol(String text) {
        return symbols.computeIfAbsent(text, _ -> symbols.size());
    }

    @Override
    void writeSample(SentSeries of, long timestampMs, double value) {
        begin(of);
        part.clear();
        series.message(2, part.real(1, value).number(2, timestampMs));
        end(of);
    }

    private void begin(SentSeries of) {
        byte[] packed = of.packed;
        if (packed == null || of.packedFor != this) {
            references(of.labels);
            packed = numbers.toBytes();
            of.packed = packed;
            of.packedFor = this;
        }
        series.clear();
        series.content(1, packed, 0, packed.length);
    }

    private void references(Labels labels) {
        numbers.clear();
        labels.forEach((name, value) -> numbers.varint(symbol(name)).varint(symbol(value)));
    }

    private void end(SentSeries of) {
        MetricMetadata metadata = of.metadata;
        part.clear();
        part.number(1, type(metadata.type())).number(3, symbol(metadata.help()));
        series.message(5, part.number(4, symbol(metadata.unit())));
        if (of.startMs != 0) {
            series.number(6, of.startMs);
        }
        message.message(5, series);
    }

    @Override
    void writeHistogram(SentSeries of, byte[] bytes, int from, int to) {
        begin(of);
        series.content(3, bytes, from, to);
        end(of);
    }

    @Override
    void writeExemplar(SentSeries of, Exemplar exemplar) {
        begin(of);
        references(exemplar.labels());
        part.clear();
        part.message(1, numbers).real(2, exemplar.value()).number(3, exemplar.timestampMs());
        series.message(4, part);
        end(of);
    }

    @Override
    RequestBody empty() {
        SecondBody body = new SecondBody();
        body.symbols.putAll(symbols);
        return body;
    }

    @Override
    WireWriter items() {
        return message;
    }

    @Override
    WireWriter message() {
        WireWriter whole = new WireWriter();
        symbols.keySet().forEach(text -> whole.text(4, text));
        return whole.raw(message.buffer(), 0, message.size());
    }

    @Override
    Map<String, String> headers() {
        return HEADERS;
    }
}
