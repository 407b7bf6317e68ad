package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads an exposition sample by sample, in place on the bytes of its body: nothing is allocated
/// per sample.
public final class ExpositionParser implements ScrapeParser {
    private final ExpositionOptions options;
    private final ExpositionReader prometheus;
    private @Nullable ExpositionReader openMetrics;
    private @Nullable ProtobufReader protobuf;
    private ExpositionReader reader;

    /// A parser that holds OpenMetrics to all its rules.
    public ExpositionParser(ExpositionLimits limits) {
        this(limits, OpenMetricsChecks.ALL);
    }

    public ExpositionParser(ExpositionLimits limits, OpenMetricsChecks checks) {
        this(new ExpositionOptions(limits, checks, true, false));
    }

    public ExpositionParser(ExpositionOptions options) {
        this.options = options;
        prometheus = converting(new PrometheusTextReader(options.limits()), false);
        reader = prometheus;
    }

    @Override
    public void reset(ExpositionFormat format, byte[] body, int length) {
        Objects.checkFromToIndex(0, length, body.length);
        reader =
                switch (format) {
                    case PROMETHEUS_TEXT -> prometheus;
                    case OPENMETRICS_TEXT -> openMetrics();
                    case PROMETHEUS_PROTOBUF -> protobuf();
                };
        reader.reset(body, length);
    }

    private ExpositionReader converting(TextReader text, boolean escapedQuotes) {
        return options.convertClassic()
                ? new ClassicConversion(text, escapedQuotes, options.classicBesideNative())
                : text;
    }

    private ExpositionReader openMetrics() {
        ExpositionReader result = openMetrics;
        if (result == null) {
            result = converting(new OpenMetricsReader(options.limits(), options.checks()), true);
            openMetrics = result;
        }
        return result;
    }

    private ProtobufReader protobuf() {
        ProtobufReader result = protobuf;
        if (result == null) {
            result = new ProtobufReader(options);
            protobuf = result;
        }
        return result;
    }

    @Override
    public boolean next() throws ExpositionException {
        return reader.next();
    }

    @Override
    public byte[] keyBytes() {
        return reader.keyBytes;
    }

    @Override
    public int keyStart() {
        return reader.keyStart;
    }

    @Override
    public int keyEnd() {
        return reader.keyEnd;
    }

    @Override
    public int valueStart() {
        return reader.valueStart;
    }

    @Override
    public int valueEnd() {
        return reader.valueEnd;
    }

    @Override
    public double value() throws ExpositionException {
        return reader.value();
    }

    @Override
    public boolean hasTimestamp() {
        return reader.hasTimestamp;
    }

    @Override
    public long timestampMs() {
        return reader.hasTimestamp ? reader.timestampMs : 0;
    }

    @Override
    public long startMs() {
        return reader.startMs;
    }

    @Override
    public @Nullable NativeHistogram histogram() throws ExpositionException {
        return reader.histogram();
    }

    @Override
    public int exemplarCount() throws ExpositionException {
        return reader.exemplarCount();
    }

    @Override
    public Exemplar exemplar(int index, long sampleMs) throws ExpositionException {
        return reader.exemplar(index, sampleMs);
    }

    @Override
    public Labels labels() throws ExpositionException {
        return reader.labels();
    }

    @Override
    public MetricMetadata metadata() {
        return reader.metadata();
    }

    @Override
    public int line() {
        return reader.line();
    }

    @Override
    public int offsetBytes() {
        return reader.offsetBytes();
    }
}
