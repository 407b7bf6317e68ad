package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A family of metrics as a `io.prometheus.client.MetricFamily` message, after its length: a body
/// in [ExpositionFormat#PROMETHEUS_PROTOBUF] is such families one after the other. Immutable.
public final class EncodedFamily {
    private static final int METRIC = 4;
    private static final int LABEL = 1;

    private final String name;
    private final MetricType type;
    private final String help;
    private final int metricCount;
    private final byte[] bytes;

    EncodedFamily(String name, MetricType type, String help, int metricCount, byte[] bytes) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.metricCount = metricCount;
        this.bytes = bytes;
    }

    /// A family of one gauge.
    ///
    /// @param labels without a name
    public static EncodedFamily gauge(String name, String help, Labels labels, double value) {
        WireWriter metric = FamilyEncoder.labels(labels, new WireWriter());
        metric.message(2, new WireWriter().real(1, value));
        WireWriter metrics = new WireWriter().message(METRIC, metric);
        return FamilyEncoder.family(name, MetricType.GAUGE, help, 1, metrics);
    }

    /// Reads back what [#bytes()] told.
    ///
    /// @throws ExpositionException if the bytes are no family after its length, with metrics
    public static EncodedFamily of(byte[] bytes) throws ExpositionException {
        WireReader in = new WireReader();
        in.reset(bytes, 0, bytes.length);
        long length = in.varint();
        if (length != bytes.length - in.at) {
            throw new ExpositionException(0, "family must have its length: found=" + length, "");
        }
        in.reset(bytes, in.at, bytes.length);
        int start = in.at;
        ProtobufFamily family = new ProtobufFamily(ExpositionLimits.DEFAULT);
        family.reset(bytes);
        if (!family.read(in)) {
            throw new ExpositionException(0, "family must have a metric", "");
        }
        in.reset(bytes, start, bytes.length);
        int count = 0;
        while (ProtobufFamily.nextMetric(in)) {
            count++;
        }
        return new EncodedFamily(
                family.name(), family.type, family.metadata().help(), count, bytes);
    }

    public String name() {
        return name;
    }

    public MetricType type() {
        return type;
    }

    public String help() {
        return help;
    }

    /// Metrics of it; a histogram is one.
    public int metricCount() {
        return metricCount;
    }

    public int sizeBytes() {
        return bytes.length;
    }

    /// The message after its length, to be read only.
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /// Copies the message with its length.
    ///
    /// @return the place behind it
    public int copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
        return offset + bytes.length;
    }

    /// Numbers of the label sets of its metrics, ascending: two metrics with the same labels have
    /// the same number, and others practically never.
    public long[] identities() {
        long[] found = new long[metricCount];
        WireReader in = new WireReader();
        WireReader metric = new WireReader();
        ProtobufLabels pairs = new ProtobufLabels(ExpositionLimits.DEFAULT);
        try {
            in.reset(bytes, 0, bytes.length);
            in.varint();
            for (int i = 0; ProtobufFamily.nextMetric(in); i++) {
                pairs.start();
                metric.reset(bytes, in.start, in.stop);
                while (metric.next()) {
                    if (metric.field == LABEL) {
                        metric.content();
                        pairs.add(bytes, metric.start, metric.stop);
                    } else {
                        metric.skip();
                    }
                }
                found[i] = pairs.build().seriesId();
            }
        } catch (ExpositionException e) {
            throw new IllegalStateException("a family that was read before must be readable", e);
        }
        Arrays.sort(found);
        return found;
    }

    @Override
    public String toString() {
        return name + " " + type.text() + " metrics=" + metricCount;
    }
}
