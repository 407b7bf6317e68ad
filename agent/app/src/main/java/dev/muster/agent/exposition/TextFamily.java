package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A family of a text body while it is read: its samples become metrics of a protobuf message.
final class TextFamily {
    private static final int METRIC = 4;
    private static final int PART_BYTES = 400;
    private static final int BOUND_BYTES = 48;
    private static final String LE = "le";
    private static final String QUANTILE = "quantile";

    private final String name;
    private final Labels added;
    private @Nullable MetricType type;
    private String help = "";
    private final WireWriter metrics = new WireWriter();
    private final WireWriter metric = new WireWriter();
    private final WireWriter value = new WireWriter();
    private final LongSet seen = new LongSet();

    /// Histograms and summaries: their samples may stand anywhere.
    private final Map<Labels, Parts> parts = new LinkedHashMap<>();

    private int bounds;
    private int count;
    private String repeated = "";

    TextFamily(String name, Labels added) {
        this.name = name;
        this.added = added;
    }

    /// @return false if the type was told before, or samples came before it
    boolean declare(MetricType told) {
        if (type != null || hasSamples()) {
            return false;
        }
        type = told;
        return true;
    }

    void help(String told) {
        help = told;
    }

    MetricType type() {
        return type == null ? MetricType.UNKNOWN : FamilyEncoder.kept(type);
    }

    boolean hasSamples() {
        return count > 0 || !parts.isEmpty();
    }

    /// Memory that it takes, about.
    long sizeBytes() {
        return metrics.size + (long) PART_BYTES * parts.size() + (long) BOUND_BYTES * bounds;
    }

    /// Has a metric of it a sample with that suffix?
    boolean hasPart(String suffix) {
        return type == MetricType.HISTOGRAM
                || (type == MetricType.SUMMARY && !suffix.equals("_bucket"));
    }

    /// A metric that stands there twice, in words; empty if there is none.
    String repeated() {
        return repeated;
    }

    /// @return false if the sample is none of the type
    boolean add(Labels labels, double number, long startMs) {
        return switch (type()) {
            case HISTOGRAM -> addBucket(labels, number, startMs);
            case SUMMARY -> addQuantile(labels, number, startMs);
            case COUNTER, GAUGE, UNKNOWN, GAUGE_HISTOGRAM, INFO, STATE_SET -> {
                simple(labels, number, startMs);
                yield true;
            }
        };
    }

    private void simple(Labels sample, double number, long startMs) {
        Labels labels = merged(sample, "");
        if (!seen.add(labels.seriesId()) && repeated.isEmpty()) {
            repeated = name + labels;
        }
        metric.clear();
        value.clear();
        FamilyEncoder.labels(labels, metric);
        value.real(1, number);
        if (type() == MetricType.COUNTER) {
            created(value, 3, startMs);
        }
        int field =
                switch (type()) {
                    case COUNTER -> 3;
                    case GAUGE -> 2;
                    default -> 5;
                };
        metrics.message(METRIC, metric.message(field, value));
        count++;
    }

    private Labels merged(Labels sample, String without) {
        Labels.Builder result =
                sample
                        .without(
                                without.isEmpty()
                                        ? List.of(Labels.METRIC)
                                        : List.of(Labels.METRIC, without))
                        .toBuilder();
        added.forEach(result::set);
        return result.build();
    }

    private boolean addBucket(Labels sample, double number, long startMs) {
        Parts metric = parts.computeIfAbsent(merged(sample, LE), _ -> new Parts());
        metric.startMs = startMs;
        switch (sample.metric().substring(name.length())) {
            case "_count" -> metric.count = number;
            case "_sum" -> metric.sum = number;
            case "_bucket" -> {
                bounds++;
                return metric.add(sample.valueOf(LE), number);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean addQuantile(Labels sample, double number, long startMs) {
        Parts metric = parts.computeIfAbsent(merged(sample, QUANTILE), _ -> new Parts());
        metric.startMs = startMs;
        switch (sample.metric().substring(name.length())) {
            case "_count" -> metric.count = number;
            case "_sum" -> metric.sum = number;
            default -> {
                bounds++;
                return metric.add(sample.valueOf(QUANTILE), number);
            }
        }
        return true;
    }

    EncodedFamily encode() {
        parts.forEach((labels, one) -> {
            metric.clear();
            FamilyEncoder.labels(labels, metric);
            boolean histogram = type() == MetricType.HISTOGRAM;
            metrics.message(
                    METRIC,
                    metric.message(histogram ? 7 : 4, histogram ? one.histogram() : one.summary()));
            count++;
        });
        parts.clear();
        return FamilyEncoder.family(name, type(), help, count, metrics);
    }

    private static void created(WireWriter out, int field, long startMs) {
        if (startMs > 0) {
            WireWriter time = new WireWriter();
            time.number(1, startMs / 1_000).number(2, startMs % 1_000 * 1_000_000);
            out.message(field, time);
        }
    }

    /// What the samples of one histogram or summary say together.
    private static final class Parts {
        private final List<double[]> bounds = new ArrayList<>();
        private double count;
        private double sum;
        private long startMs;

        /// @return false if the bound is no number
        boolean add(String bound, double number) {
            byte[] text = bound.getBytes(StandardCharsets.UTF_8);
            double parsed = NumberParser.parse(text, 0, text.length);
            if (text.length == 0 || !NumberParser.isNumber(parsed)) {
                return false;
            }
            bounds.add(new double[] {parsed, number});
            return true;
        }

        WireWriter histogram() {
            WireWriter out = new WireWriter();
            boolean whole = isWhole(count) && bounds.stream().allMatch(one -> isWhole(one[1]));
            if (whole) {
                out.number(1, (long) count);
            } else {
                out.real(4, count);
            }
            out.real(2, sum);
            WireWriter bucket = new WireWriter();
            for (double[] one : bounds) {
                bucket.clear();
                if (whole) {
                    bucket.number(1, (long) one[1]);
                } else {
                    bucket.real(4, one[1]);
                }
                out.message(3, bucket.real(2, one[0]));
            }
            created(out, 15, startMs);
            return out;
        }

        WireWriter summary() {
            WireWriter out = new WireWriter();
            out.number(1, isWhole(count) ? (long) count : 0).real(2, sum);
            WireWriter quantile = new WireWriter();
            for (double[] one : bounds) {
                quantile.clear();
                out.message(3, quantile.real(1, one[0]).real(2, one[1]));
            }
            created(out, 4, startMs);
            return out;
        }

        private static boolean isWhole(double value) {
            return value >= 0 && value <= 1L << 53 && value == Math.rint(value);
        }
    }
}
