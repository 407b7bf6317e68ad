package dev.muster.agent.exposition;

import dev.muster.agent.exposition.ProtobufKey.Part;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import org.jspecify.annotations.Nullable;

/// Reads `io.prometheus.client.MetricFamily` messages, each after its length, straight to samples:
/// no object per message.
///
/// A histogram comes as `_count`, `_sum` and buckets, or as one native sample, or as both, the
/// native one first. Numbers of bounds and quantiles are written as OpenMetrics has them. Source:
/// https://github.com/prometheus/client_model
final class ProtobufReader extends ExpositionReader {
    private static final int LABEL = 1;
    private static final int TIMESTAMP = 6;
    private static final String TYPE_HINT = "a family's metrics must be of the family's type";

    /// What comes next within a metric.
    private enum Step {
        METRIC,
        COUNT,
        SUM,
        PARTS
    }

    private final boolean nativeHistograms;
    private final boolean classicBesideNative;
    private final boolean convertClassic;
    private final ClassicBuckets converted;
    private final ProtobufLabels pairs;
    private final ProtobufFamily family;
    private final ProtobufKey key;
    private final ProtobufHistogram histogram;
    private final ProtobufExemplars exemplars;

    private final WireReader families = new WireReader();
    private final WireReader metrics = new WireReader();
    private final WireReader metric = new WireReader();
    private final WireReader content = new WireReader();
    private final WireReader inner = new WireReader();

    private Step step = Step.METRIC;
    private Part part = Part.WHOLE;
    private boolean infinite;
    private int metricAt;
    private int contentStart;
    private int contentStop;

    private double value;
    private double count;
    private double sum;
    private int exemplarStart;
    private int exemplarStop;
    private boolean collected;
    private @Nullable NativeHistogram built;

    ProtobufReader(ExpositionOptions options) {
        super(options.limits());
        nativeHistograms = options.nativeHistograms();
        classicBesideNative = options.classicBesideNative();
        convertClassic = options.convertClassic();
        converted = new ClassicBuckets(limits.bucketCount());
        pairs = new ProtobufLabels(limits);
        family = new ProtobufFamily(limits);
        key = new ProtobufKey(limits, pairs);
        histogram = new ProtobufHistogram(limits);
        exemplars = new ProtobufExemplars(limits, pairs);
    }

    @Override
    void reset(byte[] body, int length) {
        super.reset(body, length);
        families.reset(body, 0, length);
        metrics.reset(body, 0, 0);
        family.reset(body);
        exemplars.reset(body);
        key.trim();
        keyBytes = key.bytes;
        step = Step.METRIC;
        metricAt = 0;
        built = null;
    }

    @Override
    boolean next() throws ExpositionException {
        built = null;
        collected = false;
        return switch (step) {
            case METRIC -> nextMetric();
            case COUNT -> {
                step = Step.SUM;
                yield emit(Part.COUNT, 0, count);
            }
            case SUM -> {
                step = Step.PARTS;
                yield emit(Part.SUM, 0, sum);
            }
            case PARTS -> family.type == MetricType.SUMMARY ? nextQuantile() : nextBucket();
        };
    }

    /// To the next metric that has a sample.
    private boolean nextMetric() throws ExpositionException {
        step = Step.METRIC;
        while (true) {
            if (ProtobufFamily.nextMetric(metrics)) {
                metricAt = metrics.start;
                readMetric(metrics.start, metrics.stop);
                if (firstSample()) {
                    return true;
                }
            } else if (!nextFamily()) {
                return false;
            }
        }
    }

    /// @return false if the metric has none
    private boolean firstSample() throws ExpositionException {
        return switch (family.type) {
            case COUNTER, GAUGE, UNKNOWN -> simple();
            case SUMMARY -> summary();
            case HISTOGRAM, GAUGE_HISTOGRAM -> histogramSample();
            case INFO, STATE_SET -> throw new IllegalStateException("type not of this format");
        };
    }

    /// @return false at the end of the body
    private boolean nextFamily() throws ExpositionException {
        do {
            if (families.at >= families.end) {
                return false;
            }
            int at = families.at;
            long length = families.varint();
            if (length < 0 || length > families.end - families.at) {
                throw new ExpositionException(
                        at,
                        "family must end within the body: lengthBytes="
                                + Long.toUnsignedString(length)
                                + ", left="
                                + (families.end - families.at),
                        "is the body cut short, or not delimited protobuf?");
            }
            metrics.reset(body, families.at, families.at + (int) length);
            families.at += (int) length;
        } while (!family.read(metrics));
        // a second walk, for the metrics: the type may stand behind them
        metrics.reset(body, family.start, family.stop);
        key.family(body, family.nameStart, family.nameEnd);
        return true;
    }

    /// Finds labels, time and the one message that has the value.
    private void readMetric(int from, int to) throws ExpositionException {
        int wanted = contentField(family.type);
        int runStart = -1;
        int runEnd = -1;
        int labelCount = 0;
        hasTimestamp = false;
        timestampMs = 0;
        contentStart = -1;
        key.metric(from);
        metric.reset(body, from, to);
        while (metric.next()) {
            if (metric.field == LABEL) {
                int tagAt = metric.tagAt;
                metric.content();
                checkLabelCount(tagAt, ++labelCount);
                if (tagAt != runEnd) {
                    addRun(runStart, runEnd);
                    runStart = tagAt;
                }
                runEnd = metric.at;
            } else if (metric.field == wanted) {
                content();
            } else if (metric.field == TIMESTAMP) {
                timestampMs = metric.number();
                // the format does not tell a time of 0 from none
                hasTimestamp = timestampMs != 0;
            } else {
                metric.skip();
            }
        }
        addRun(runStart, runEnd);
        if (contentStart < 0) {
            throw new ExpositionException(
                    from,
                    "metric must have the message of its type: name="
                            + family.name()
                            + ", type="
                            + family.type.text(),
                    TYPE_HINT);
        }
    }

    private void content() throws ExpositionException {
        metric.content();
        if (contentStart >= 0) {
            throw new ExpositionException(
                    metric.tagAt, "metric must have one value: name=" + family.name(), TYPE_HINT);
        }
        contentStart = metric.start;
        contentStop = metric.stop;
    }

    private void addRun(int from, int to) throws ExpositionException {
        if (from < to) {
            key.labels(body, from, to);
        }
    }

    private static int contentField(MetricType type) {
        return switch (type) {
            case GAUGE -> 2;
            case COUNTER -> 3;
            case SUMMARY -> 4;
            case UNKNOWN, INFO, STATE_SET -> 5;
            case HISTOGRAM, GAUGE_HISTOGRAM -> 7;
        };
    }

    private void checkLabelCount(int at, int labelCount) throws ExpositionException {
        if (labelCount > limits.labelCount()) {
            throw new ExpositionException(
                    at,
                    "label count must be within its limit: limit="
                            + limits.labelCount()
                            + ", found="
                            + labelCount,
                    "the limit protects the agent; expose less in one place");
        }
    }

    /// A counter, gauge or untyped metric.
    private boolean simple() throws ExpositionException {
        double read = 0;
        exemplarStart = -1;
        startMs = 0;
        boolean counter = family.type == MetricType.COUNTER;
        content.reset(body, contentStart, contentStop);
        while (content.next()) {
            if (content.field == 1) {
                read = content.real();
            } else if (content.field == 2 && counter) {
                content.content();
                exemplarStart = content.start;
                exemplarStop = content.stop;
            } else if (content.field == 3 && counter) {
                content.content();
                startMs = ProtobufTime.millis(inner, body, content.start, content.stop);
            } else {
                content.skip();
            }
        }
        return emit(Part.WHOLE, 0, read);
    }

    private boolean summary() throws ExpositionException {
        long samples = 0;
        sum = 0;
        startMs = 0;
        content.reset(body, contentStart, contentStop);
        while (content.next()) {
            switch (content.field) {
                case 1 -> samples = content.number();
                case 2 -> sum = content.real();
                case 4 -> {
                    content.content();
                    startMs = ProtobufTime.millis(inner, body, content.start, content.stop);
                }
                default -> content.skip();
            }
        }
        content.reset(body, contentStart, contentStop);
        step = Step.SUM;
        return emit(Part.COUNT, 0, ProtobufHistogram.unsigned(samples));
    }

    private boolean nextQuantile() throws ExpositionException {
        while (content.next()) {
            if (content.field != 3) {
                content.skip();
                continue;
            }
            content.content();
            double quantile = 0;
            double read = 0;
            inner.reset(body, content.start, content.stop);
            while (inner.next()) {
                switch (inner.field) {
                    case 1 -> quantile = inner.real();
                    case 2 -> read = inner.real();
                    default -> inner.skip();
                }
            }
            return emit(Part.QUANTILE, quantile, read);
        }
        return nextMetric();
    }

    private boolean histogramSample() throws ExpositionException {
        histogram.read(body, contentStart, contentStop, nativeHistograms);
        histogram.rewindBuckets();
        startMs = histogram.startMs();
        count = histogram.count();
        sum = histogram.sum();
        infinite = false;
        if (histogram.isNative()) {
            step = classicBesideNative && histogram.bucketCount() > 0 ? Step.COUNT : Step.METRIC;
            return emitHistogram();
        }
        built = convertClassic ? convert() : null;
        if (built != null) {
            step = classicBesideNative ? Step.COUNT : Step.METRIC;
            return emitHistogram();
        }
        if (convertClassic && !classicBesideNative) {
            return false;
        }
        step = Step.SUM;
        return emit(Part.COUNT, 0, count);
    }

    private boolean emitHistogram() {
        emit(Part.NATIVE, 0, HistogramMarker.VALUE);
        value = HistogramMarker.VALUE;
        valueEnd = valueStart;
        return true;
    }

    /// The classic side with custom bounds; null where it makes no histogram.
    private @Nullable NativeHistogram convert() throws ExpositionException {
        converted.clear();
        converted.count(count);
        converted.sum(sum);
        while (histogram.nextBucket()) {
            if (!Double.isNaN(histogram.bucketBound())) {
                converted.bucket(histogram.bucketBound(), histogram.bucketValue());
            }
        }
        histogram.rewindBuckets();
        return converted.build();
    }

    private boolean nextBucket() throws ExpositionException {
        if (histogram.nextBucket()) {
            infinite |= histogram.bucketBound() == Double.POSITIVE_INFINITY;
            return emit(Part.BUCKET, histogram.bucketBound(), histogram.bucketValue());
        }
        if (infinite) {
            return nextMetric();
        }
        infinite = true;
        return emit(Part.BUCKET, Double.POSITIVE_INFINITY, count);
    }

    private boolean emit(Part newPart, double bound, double read) {
        part = newPart;
        value = ProtobufHistogram.ordinary(read);
        key.part(newPart, bound);
        keyBytes = key.bytes;
        keyEnd = key.end;
        valueStart = key.end;
        valueEnd = key.value(value);
        return true;
    }

    @Override
    double value() {
        return value;
    }

    @Override
    @Nullable NativeHistogram histogram() throws ExpositionException {
        if (part != Part.NATIVE) {
            return null;
        }
        NativeHistogram result = built;
        if (result == null) {
            result = histogram.build(family.type == MetricType.GAUGE_HISTOGRAM);
            built = result;
        }
        return result;
    }

    @Override
    int exemplarCount() throws ExpositionException {
        if (!collected) {
            collected = true;
            exemplars.clear();
            collect();
        }
        return exemplars.count();
    }

    private void collect() throws ExpositionException {
        switch (part) {
            case WHOLE -> {
                if (exemplarStart >= 0) {
                    exemplars.add(exemplarStart, exemplarStop);
                }
            }
            case NATIVE -> histogram.exemplars(exemplars);
            case BUCKET -> histogram.bucketExemplar(exemplars);
            case COUNT, SUM, QUANTILE -> {}
        }
    }

    @Override
    Exemplar exemplar(int index, long sampleMs) throws ExpositionException {
        exemplarCount();
        return exemplars.at(index, sampleMs);
    }

    @Override
    Labels labels() throws ExpositionException {
        return key.decode(family.name());
    }

    @Override
    MetricMetadata metadata() {
        return family.metadata();
    }

    @Override
    int line() {
        return 0;
    }

    @Override
    int offsetBytes() {
        return metricAt;
    }
}
