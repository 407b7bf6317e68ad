package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;

/// Turns a body of any format into families of protobuf messages whose metrics all carry given
/// labels.
///
/// Where a metric has such a label, its value is replaced. Text is held to what the Pushgateway
/// holds it to: it ends with a line feed, a family has one type line, and that before its samples.
public final class FamilyEncoder {
    private FamilyEncoder() {}

    /// @param labels every metric gets these
    /// @param limitBytes of what is encoded; beyond, the answer says so and has nothing
    /// @throws ExpositionException if the body breaks a rule of its format
    public static EncodedBody encode(
            ExpositionFormat format, byte[] body, int length, Labels labels, long limitBytes)
            throws ExpositionException {
        return format == ExpositionFormat.PROMETHEUS_PROTOBUF
                ? new MessageFamilies(body, length, labels, limitBytes).read()
                : encodeText(format, body, length, labels, limitBytes, 0);
    }

    /// As above, of text only.
    ///
    /// @param startMs since when counts count that do not say so, Unix time; 0 for not known
    public static EncodedBody encodeText(
            ExpositionFormat format,
            byte[] body,
            int length,
            Labels labels,
            long limitBytes,
            long startMs)
            throws ExpositionException {
        return new TextFamilies(format, body, length, labels, startMs).read(limitBytes);
    }

    static WireWriter labels(Labels labels, WireWriter out) {
        WireWriter pair = new WireWriter();
        labels.forEach((name, value) -> {
            if (!name.equals(Labels.METRIC)) {
                pair.clear();
                pair.text(1, name).text(2, value);
                out.message(1, pair);
            }
        });
        return out;
    }

    /// @param metrics fields of the family that hold its metrics
    static EncodedFamily family(
            String name, MetricType type, String help, int metricCount, WireWriter metrics) {
        return family(name, type, help, "", metricCount, metrics);
    }

    static EncodedFamily family(
            String name,
            MetricType type,
            String help,
            String unit,
            int metricCount,
            WireWriter metrics) {
        WireWriter message = new WireWriter();
        message.text(1, name);
        if (!help.isEmpty()) {
            message.text(2, help);
        }
        message.number(3, number(type));
        if (!unit.isEmpty()) {
            message.text(5, unit);
        }
        WireWriter out = new WireWriter();
        out.varint((long) message.size + metrics.size);
        out.raw(message.bytes, 0, message.size).raw(metrics.bytes, 0, metrics.size);
        MetricType kept = kept(type);
        return new EncodedFamily(name, kept, help, metricCount, out.toBytes());
    }

    /// The type as the messages know it.
    static MetricType kept(MetricType type) {
        return type == MetricType.INFO || type == MetricType.STATE_SET ? MetricType.GAUGE : type;
    }

    private static int number(MetricType type) {
        return switch (type) {
            case COUNTER -> 0;
            case GAUGE, INFO, STATE_SET -> 1;
            case SUMMARY -> 2;
            case UNKNOWN -> 3;
            case HISTOGRAM -> 4;
            case GAUGE_HISTOGRAM -> 5;
        };
    }
}
