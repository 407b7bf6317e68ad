package dev.muster.agent.exposition;

import dev.muster.agent.exposition.Bodies.Whole;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes samples that were read as the families that they came from, in any format.
final class FamilyBody {

    private FamilyBody() {}

    /// The name of the sample's family, by the rules of OpenMetrics.
    private static String family(Whole sample) {
        String name = sample.labels().metric();
        MetricType type = sample.metadata().type();
        for (SampleRole role : SampleRole.of(type)) {
            if (!role.suffix().isEmpty() && name.endsWith(role.suffix())) {
                return name.substring(0, name.length() - role.suffix().length());
            }
        }
        return name;
    }

    static byte[] prometheusText(List<Whole> samples) {
        ExpositionWriter writer = new ExpositionWriter();
        String family = "";
        for (Whole sample : samples) {
            if (!sample.metadata().equals(MetricMetadata.NONE)) {
                MetricType type = sample.metadata().type();
                String name =
                        type == MetricType.COUNTER ? sample.labels().metric() : family(sample);
                if (!name.equals(family)) {
                    writer.family(name, type, sample.metadata().help());
                    family = name;
                }
            }
            writer.begin(sample.labels().metric());
            sample.labels()
                    .forEach((label, value) -> {
                        if (!label.equals(Labels.METRIC)) {
                            writer.label(label, value);
                        }
                    });
            if (sample.timestampMs() >= 0) {
                writer.end(sample.value(), sample.timestampMs());
            } else {
                writer.end(sample.value());
            }
        }
        return Arrays.copyOf(writer.bytes(), writer.size());
    }

    static byte[] openMetrics(List<Whole> samples) {
        StringBuilder text = new StringBuilder();
        String family = "";
        for (Whole sample : samples) {
            if (!family(sample).equals(family)) {
                family = family(sample);
                MetricMetadata metadata = sample.metadata();
                String name = name(family);
                text.append("# TYPE ").append(name).append(' ');
                text.append(metadata.type().text()).append('\n');
                if (!metadata.unit().isEmpty()) {
                    text.append("# UNIT ").append(name).append(' ');
                    text.append(metadata.unit()).append('\n');
                }
                if (!metadata.help().isEmpty()) {
                    text.append("# HELP ").append(name).append(' ');
                    text.append(escaped(metadata.help())).append('\n');
                }
            }
            sample(text, sample);
        }
        return text.append("# EOF\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void sample(StringBuilder text, Whole sample) {
        String name = sample.labels().metric();
        boolean plain = NameEscaping.isPlain(name);
        List<String> parts = new ArrayList<>();
        if (!plain) {
            parts.add(name(name));
        }
        sample.labels()
                .forEach((label, value) -> {
                    if (!label.equals(Labels.METRIC)) {
                        parts.add(pair(label, value));
                    }
                });
        text.append(plain ? name : "");
        if (!parts.isEmpty()) {
            text.append('{').append(String.join(",", parts)).append('}');
        }
        text.append(' ').append(number(sample.value()));
        if (sample.timestampMs() != -1) {
            text.append(' ').append(seconds(sample.timestampMs()));
        }
        for (Exemplar exemplar : sample.exemplars()) {
            List<String> labels = new ArrayList<>();
            exemplar.labels().forEach((label, value) -> labels.add(pair(label, value)));
            text.append(" # {").append(String.join(",", labels)).append("} ");
            text.append(number(exemplar.value()));
            if (exemplar.timestampMs() != -1) {
                text.append(' ').append(seconds(exemplar.timestampMs()));
            }
        }
        text.append('\n');
    }

    private static String pair(String label, String value) {
        boolean plain = NameEscaping.isPlain(label) && label.indexOf(':') < 0;
        return (plain ? label : '"' + escaped(label) + '"') + "=\"" + escaped(value) + '"';
    }

    private static String name(String name) {
        return NameEscaping.isPlain(name) ? name : '"' + escaped(name) + '"';
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    private static String number(double value) {
        byte[] text = new byte[NumberText.LENGTH_LIMIT];
        int length = NumberText.write(value, text, 0);
        return new String(text, 0, length, StandardCharsets.US_ASCII);
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    /// Families as protobuf; the samples called `_created` become times within the others.
    static byte[] protobuf(List<Whole> samples) {
        WireMessage body = WireMessage.empty();
        List<Whole> pending = new ArrayList<>();
        String family = "";
        for (Whole sample : samples) {
            if (!pending.isEmpty()
                    && !(family(sample).equals(family)
                            && sample.metadata().equals(pending.getLast().metadata()))) {
                body.raw(protobufFamily(family, pending).delimited());
                pending.clear();
            }
            family = family(sample);
            pending.add(sample);
        }
        if (!pending.isEmpty()) {
            body.raw(protobufFamily(family, pending).delimited());
        }
        return body.bytes();
    }

    /// Is it a sample that protobuf has no place for?
    static boolean isCreated(Whole sample) {
        return sample.labels().metric().endsWith("_created")
                && Set.of(MetricType.COUNTER, MetricType.HISTOGRAM, MetricType.SUMMARY)
                        .contains(sample.metadata().type());
    }

    private static WireMessage protobufFamily(String family, List<Whole> samples) {
        MetricMetadata metadata = samples.getFirst().metadata();
        MetricType type = metadata.type();
        boolean simple = type != MetricType.HISTOGRAM && type != MetricType.SUMMARY;
        String name = simple ? samples.getFirst().labels().metric() : family;
        WireMessage message = WireMessage.empty().text(1, name).text(2, metadata.help());
        message.number(3, number(type));
        Map<Labels, List<Whole>> metrics = new LinkedHashMap<>();
        for (Whole sample : samples) {
            if (!isCreated(sample)) {
                Labels labels = sample.labels().without(List.of(Labels.METRIC, "le", "quantile"));
                metrics.computeIfAbsent(simple ? sample.labels() : labels, key -> new ArrayList<>())
                        .add(sample);
            }
        }
        metrics.values().forEach(metric -> message.message(4, metric(type, metric)));
        return metadata.unit().isEmpty() ? message : message.text(5, metadata.unit());
    }

    private static int number(MetricType type) {
        return switch (type) {
            case COUNTER -> 0;
            case GAUGE -> 1;
            case SUMMARY -> 2;
            case UNKNOWN, INFO, STATE_SET, GAUGE_HISTOGRAM -> 3;
            case HISTOGRAM -> 4;
        };
    }

    private static WireMessage metric(MetricType type, List<Whole> samples) {
        Whole first = samples.getFirst();
        WireMessage metric = WireMessage.empty();
        boolean simple = type != MetricType.HISTOGRAM && type != MetricType.SUMMARY;
        first.labels()
                .forEach((label, value) -> {
                    boolean own = label.equals("le") || label.equals("quantile");
                    if (!label.equals(Labels.METRIC) && (simple || !own)) {
                        metric.message(1, WireMessage.label(label, value));
                    }
                });
        switch (type) {
            case COUNTER -> metric.message(3, counter(first));
            case GAUGE -> metric.message(2, WireMessage.empty().real(1, first.value()));
            case SUMMARY -> metric.message(4, summary(samples));
            case HISTOGRAM -> metric.message(7, histogram(samples));
            case UNKNOWN, INFO, STATE_SET, GAUGE_HISTOGRAM ->
                    metric.message(5, WireMessage.empty().real(1, first.value()));
        }
        return first.timestampMs() == -1 ? metric : metric.number(6, first.timestampMs());
    }

    private static WireMessage counter(Whole sample) {
        WireMessage counter = WireMessage.empty().real(1, sample.value());
        exemplar(counter, 2, sample);
        return created(counter, 3, sample);
    }

    private static WireMessage created(WireMessage message, int field, Whole sample) {
        long ms = sample.startMs();
        return ms == 0
                ? message
                : message.message(
                        field, WireMessage.time(ms / 1000, (int) (ms % 1000) * 1_000_000));
    }

    private static void exemplar(WireMessage message, int field, Whole sample) {
        for (Exemplar exemplar : sample.exemplars()) {
            WireMessage written = WireMessage.empty();
            exemplar.labels()
                    .forEach((label, value) -> written.message(1, WireMessage.label(label, value)));
            written.real(2, exemplar.value());
            long ms = exemplar.timestampMs();
            if (ms >= 0) {
                written.message(3, WireMessage.time(ms / 1000, (int) (ms % 1000) * 1_000_000));
            }
            message.message(field, written);
        }
    }

    private static WireMessage summary(List<Whole> samples) {
        WireMessage summary = WireMessage.empty();
        for (Whole sample : samples) {
            @Nullable String quantile = sample.labels().get("quantile");
            if (quantile != null) {
                summary.message(
                        3,
                        WireMessage.empty()
                                .real(1, Double.parseDouble(quantile))
                                .real(2, sample.value()));
            } else if (sample.labels().metric().endsWith("_count")) {
                summary.number(1, (long) sample.value());
            } else {
                summary.real(2, sample.value());
            }
        }
        return created(summary, 4, samples.getFirst());
    }

    private static WireMessage histogram(List<Whole> samples) {
        WireMessage histogram = WireMessage.empty();
        for (Whole sample : samples) {
            @Nullable String bound = sample.labels().get("le");
            if (bound != null) {
                WireMessage bucket = WireMessage.empty().number(1, (long) sample.value());
                bucket.real(2, bound(bound));
                exemplar(bucket, 3, sample);
                histogram.message(3, bucket);
            } else if (sample.labels().metric().endsWith("_count")) {
                histogram.number(1, (long) sample.value());
            } else {
                histogram.real(2, sample.value());
            }
        }
        return created(histogram, 15, samples.getFirst());
    }

    private static double bound(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
