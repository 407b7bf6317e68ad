package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Families of a protobuf body with labels added. All fields but those of labels stay as they are.
final class MessageFamilies {
    private static final int LABEL = 1;
    private static final int METRIC = 4;

    private final byte[] body;
    private final int length;
    private final Labels added;
    private final long limitBytes;
    private final ProtobufFamily family = new ProtobufFamily(ExpositionLimits.DEFAULT);
    private final ProtobufLabels pairs = new ProtobufLabels(ExpositionLimits.DEFAULT);
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private boolean hasTimestamps;
    private long sizeBytes;
    private String repeated = "";

    MessageFamilies(byte[] body, int length, Labels added, long limitBytes) {
        this.limitBytes = limitBytes;
        this.body = body;
        this.length = length;
        this.added = added;
    }

    EncodedBody read() throws ExpositionException {
        check();
        WireReader in = new WireReader();
        in.reset(body, 0, length);
        family.reset(body);
        while (in.at < in.end) {
            int size = (int) in.varint();
            WireReader message = new WireReader();
            message.reset(body, in.at, in.at + size);
            in.at += size;
            if (family.read(message)) {
                family();
            }
            if (sizeBytes > limitBytes) {
                return EncodedBody.TOO_LARGE;
            }
        }
        List<EncodedFamily> families = new ArrayList<>();
        parts.forEach((_, part) -> families.add(part.build()));
        return new EncodedBody(families, hasTimestamps, false, repeated);
    }

    /// Reads all samples once, as a scrape would: what is stored later will be readable.
    private void check() throws ExpositionException {
        ExpositionParser parser =
                new ExpositionParser(
                        new ExpositionOptions(
                                ExpositionLimits.DEFAULT, OpenMetricsChecks.ALL, true, true));
        parser.reset(ExpositionFormat.PROMETHEUS_PROTOBUF, body, length);
        while (parser.next()) {
            parser.labels();
            hasTimestamps |= parser.hasTimestamp();
            if (parser.histogram() == null) {
                parser.value();
            }
            for (int i = 0; i < parser.exemplarCount(); i++) {
                parser.exemplar(i, 0);
            }
        }
    }

    private void family() throws ExpositionException {
        String name = family.name();
        @Nullable Part part = parts.get(name);
        if (part == null) {
            part = new Part(name, family.type, family.metadata().help(), family.metadata().unit());
            parts.put(name, part);
        } else if (part.type != family.type) {
            throw new ExpositionException(
                    family.start, "family must have one type: name=" + name, "");
        }
        WireReader metrics = new WireReader();
        metrics.reset(body, family.start, family.stop);
        while (sizeBytes <= limitBytes && ProtobufFamily.nextMetric(metrics)) {
            metric(part, metrics.start, metrics.stop);
        }
    }

    private void metric(Part part, int from, int to) throws ExpositionException {
        WireReader in = new WireReader();
        WireWriter rest = new WireWriter();
        in.reset(body, from, to);
        pairs.start();
        while (in.next()) {
            int start = in.tagAt;
            if (in.field == LABEL) {
                in.content();
                pairs.add(body, in.start, in.stop);
            } else {
                in.skip();
                rest.raw(body, start, in.at);
            }
        }
        Labels.Builder merged = pairs.build().toBuilder();
        added.forEach(merged::set);
        Labels labels = merged.build();
        if (!part.seen.add(labels.seriesId()) && repeated.isEmpty()) {
            repeated = part.name + labels;
        }
        WireWriter metric = FamilyEncoder.labels(labels, new WireWriter());
        metric.raw(rest.bytes, 0, rest.size);
        part.metrics.message(METRIC, metric);
        sizeBytes += metric.size;
        part.count++;
    }

    private static final class Part {
        private final String name;
        private final MetricType type;
        private final String help;
        private final String unit;
        private final WireWriter metrics = new WireWriter();
        private final LongSet seen = new LongSet();
        private int count;

        Part(String name, MetricType type, String help, String unit) {
            this.name = name;
            this.type = type;
            this.help = help;
            this.unit = unit;
        }

        EncodedFamily build() {
            return FamilyEncoder.family(name, type, help, unit, count, metrics);
        }
    }
}
