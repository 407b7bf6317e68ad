package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.Objects;

/// Reads an exposition sample by sample, in place on the bytes of its body: nothing is allocated
/// per sample.
public final class ExpositionParser implements ScrapeParser {
    private final PrometheusTextReader prometheus;
    private final OpenMetricsReader openMetrics;
    private TextReader reader;

    /// A parser that holds OpenMetrics to all its rules.
    public ExpositionParser(ExpositionLimits limits) {
        this(limits, OpenMetricsChecks.ALL);
    }

    public ExpositionParser(ExpositionLimits limits, OpenMetricsChecks checks) {
        prometheus = new PrometheusTextReader(limits);
        openMetrics = new OpenMetricsReader(limits, checks);
        reader = prometheus;
    }

    @Override
    public void reset(ExpositionFormat format, byte[] body, int length) {
        Objects.checkFromToIndex(0, length, body.length);
        reader =
                switch (format) {
                    case PROMETHEUS_TEXT -> prometheus;
                    case OPENMETRICS_TEXT -> openMetrics;
                };
        reader.reset(body, length);
    }

    @Override
    public boolean next() throws ExpositionException {
        return reader.next();
    }

    @Override
    public byte[] keyBytes() {
        return reader.body;
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
        return 0;
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
        return reader.lineAt(reader.keyStart);
    }

    @Override
    public int offsetBytes() {
        return reader.keyStart;
    }
}
