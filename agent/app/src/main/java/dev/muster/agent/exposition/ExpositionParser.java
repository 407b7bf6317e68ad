package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.Objects;

/// Reads an exposition sample by sample, in place on the bytes of its body.
///
/// One per target, reused from scrape to scrape: nothing is allocated per sample. Offsets point
/// into the body given to [#reset] and hold until the next call to [#next()]. Confined to one
/// thread.
public final class ExpositionParser {
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

    /// Starts a body. The parser reads the array until the next call of this method; it does not
    /// change it.
    ///
    /// @param length how many bytes of the array are the body
    public void reset(ExpositionFormat format, byte[] body, int length) {
        Objects.checkFromToIndex(0, length, body.length);
        reader =
                switch (format) {
                    case PROMETHEUS_TEXT -> prometheus;
                    case OPENMETRICS_TEXT -> openMetrics;
                };
        reader.reset(body, length);
    }

    /// Moves to the next sample. Lines of metadata are consumed on the way and remembered.
    ///
    /// @return false at the end of the body, which in OpenMetrics must be `# EOF`
    /// @throws ExpositionException if the body breaks a rule of the format or passes a limit; the
    ///   parser then wants a [#reset]
    public boolean next() throws ExpositionException {
        return reader.next();
    }

    /// First byte of name and labels as written: what a cache compares.
    public int keyStart() {
        return reader.keyStart;
    }

    /// One past the last byte of name and labels.
    public int keyEnd() {
        return reader.keyEnd;
    }

    /// First byte of the value as written.
    public int valueStart() {
        return reader.valueStart;
    }

    /// One past the last byte of the value.
    public int valueEnd() {
        return reader.valueEnd;
    }

    /// The value, parsed when asked for. Any exposed NaN is the ordinary one, never the staleness
    /// marker.
    public double value() throws ExpositionException {
        return reader.value();
    }

    /// Does the sample carry a time of its own?
    public boolean hasTimestamp() {
        return reader.hasTimestamp;
    }

    /// The sample's own time, Unix milliseconds; 0 where it has none.
    public long timestampMs() {
        return reader.hasTimestamp ? reader.timestampMs : 0;
    }

    /// The labels of the sample, the metric name among them. The slow path: it allocates.
    ///
    /// @throws ExpositionException if a label name stands there twice
    public Labels labels() throws ExpositionException {
        return reader.labels();
    }

    /// What the body said of the family of this sample.
    public MetricMetadata metadata() {
        return reader.metadata();
    }

    /// The line of the sample, from 1.
    public int line() {
        return reader.lineAt(reader.keyStart);
    }
}
