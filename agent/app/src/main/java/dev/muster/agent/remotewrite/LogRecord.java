package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The body of a record of the log: what one commit appended, drawn in
/// `docs/format/remote-write-log.md`.
final class LogRecord {
    private static final int SERIES = 1;
    private static final int SAMPLE = 2;
    private static final int HISTOGRAM = 3;
    private static final int EXEMPLAR = 4;
    private static final int START = 5;

    private static final MetricType[] TYPES = MetricType.values();

    private LogRecord() {}

    /// Takes the items of a record, in their order.
    interface Items {
        void series(int reference, Labels labels, MetricMetadata metadata) throws IOException;

        void sample(int reference, long timestampMs, double value) throws IOException;

        /// @param from where the message lies in the bytes of the record
        void histogram(int reference, long timestampMs, int from, int to) throws IOException;

        void exemplar(int reference, Exemplar exemplar) throws IOException;

        void start(int reference, long startMs) throws IOException;
    }

    static void begin(WireWriter out, long baseMs) {
        out.varint(LogBytes.zigZag(baseMs));
    }

    static void series(WireWriter out, int reference, Labels labels, MetricMetadata metadata) {
        out.varint(SERIES).varint(reference);
        labels(out, labels);
        out.varint(metadata.type().ordinal());
        text(out, metadata.unit());
        text(out, metadata.help());
    }

    static void sample(WireWriter out, int reference, long sinceBaseMs, double value) {
        out.varint(SAMPLE).varint(reference).varint(LogBytes.zigZag(sinceBaseMs));
        out.fixed64(Double.doubleToRawLongBits(value));
    }

    static void histogram(WireWriter out, int reference, long sinceBaseMs, WireWriter message) {
        out.varint(HISTOGRAM).varint(reference).varint(LogBytes.zigZag(sinceBaseMs));
        out.varint(message.size()).raw(message.buffer(), 0, message.size());
    }

    static void exemplar(WireWriter out, int reference, long sinceBaseMs, Exemplar exemplar) {
        out.varint(EXEMPLAR).varint(reference).varint(LogBytes.zigZag(sinceBaseMs));
        out.fixed64(Double.doubleToRawLongBits(exemplar.value()));
        labels(out, exemplar.labels());
    }

    static void start(WireWriter out, int reference, long startMs) {
        out.varint(START).varint(reference).varint(LogBytes.zigZag(startMs));
    }

    private static void labels(WireWriter out, Labels labels) {
        out.varint(labels.size());
        labels.forEach((name, value) -> {
            text(out, name);
            text(out, value);
        });
    }

    private static void text(WireWriter out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.varint(utf8.length).raw(utf8, 0, utf8.length);
    }

    /// @throws IOException if the bytes are no record
    static void read(LogBytes in, Items items) throws IOException {
        long baseMs = in.signed();
        while (in.more()) {
            int kind = in.count();
            int reference = in.count();
            switch (kind) {
                case SERIES ->
                        items.series(
                                reference,
                                in.labels(),
                                new MetricMetadata(type(in.count()), in.text(), in.text()));
                case SAMPLE -> items.sample(reference, baseMs + in.signed(), in.real());
                case HISTOGRAM -> {
                    long timestampMs = baseMs + in.signed();
                    int length = in.count();
                    int from = in.skip(length);
                    items.histogram(reference, timestampMs, from, from + length);
                }
                case EXEMPLAR -> {
                    long timestampMs = baseMs + in.signed();
                    double value = in.real();
                    items.exemplar(reference, new Exemplar(in.labels(), value, timestampMs));
                }
                case START -> items.start(reference, in.signed());
                default -> throw new IOException("kind of an item must be 1 to 5: found=" + kind);
            }
        }
    }

    private static MetricType type(int ordinal) throws IOException {
        if (ordinal >= TYPES.length) {
            throw new IOException("type must be known: found=" + ordinal);
        }
        return TYPES[ordinal];
    }
}
