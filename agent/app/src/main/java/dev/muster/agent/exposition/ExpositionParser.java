package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;

/// Reads an exposition sample by sample, in place on the bytes of its body.
///
/// One per target, reused from scrape to scrape: nothing is allocated per sample. Offsets point
/// into the body given to [#reset] and hold until the next call to [#next()]. Confined to one
/// thread.
public final class ExpositionParser {
    public ExpositionParser(ExpositionLimits limits) {
        throw new UnsupportedOperationException();
    }

    /// Starts a body. The parser reads the array until the next call of this method; it does not
    /// change it.
    ///
    /// @param length how many bytes of the array are the body
    public void reset(ExpositionFormat format, byte[] body, int length) {
        throw new UnsupportedOperationException();
    }

    /// Moves to the next sample. Lines of metadata are consumed on the way and remembered.
    ///
    /// @return false at the end of the body, which in OpenMetrics must be `# EOF`
    /// @throws ExpositionException if the body breaks a rule of the format or passes a limit; the
    ///   parser then wants a [#reset]
    public boolean next() throws ExpositionException {
        throw new UnsupportedOperationException();
    }

    /// First byte of name and labels as written: what a cache compares.
    public int keyStart() {
        throw new UnsupportedOperationException();
    }

    /// One past the last byte of name and labels.
    public int keyEnd() {
        throw new UnsupportedOperationException();
    }

    /// First byte of the value as written.
    public int valueStart() {
        throw new UnsupportedOperationException();
    }

    /// One past the last byte of the value.
    public int valueEnd() {
        throw new UnsupportedOperationException();
    }

    /// The value, parsed when asked for. Any exposed NaN is the ordinary one, never the staleness
    /// marker.
    public double value() throws ExpositionException {
        throw new UnsupportedOperationException();
    }

    /// Does the sample carry a time of its own?
    public boolean hasTimestamp() {
        throw new UnsupportedOperationException();
    }

    /// The sample's own time, Unix milliseconds; 0 where it has none.
    public long timestampMs() {
        throw new UnsupportedOperationException();
    }

    /// The labels of the sample, the metric name among them. The slow path: it allocates.
    ///
    /// @throws ExpositionException if a label name stands there twice
    public Labels labels() throws ExpositionException {
        throw new UnsupportedOperationException();
    }

    /// What the body said of the family of this sample.
    public MetricMetadata metadata() {
        throw new UnsupportedOperationException();
    }

    /// The line of the sample, from 1.
    public int line() {
        throw new UnsupportedOperationException();
    }
}
