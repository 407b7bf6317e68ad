package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import org.jspecify.annotations.Nullable;

/// Pulls the samples out of a body, whatever its format.
///
/// One per target, reused from scrape to scrape. A sample is told by its *key*: bytes that stand
/// for name and labels, the same from scrape to scrape as long as the target writes them the same.
/// A cache compares keys; only for a key it has not seen are [#labels()] and [#metadata()] asked,
/// which allocate. Keys of different formats never collide.
///
/// Offsets and answers hold until the next call of [#next()]. Confined to one thread.
public interface ScrapeParser {
    /// Starts a body. The parser reads the array until the next call of this method; it does not
    /// change it.
    ///
    /// @param length how many bytes of the array are the body
    void reset(ExpositionFormat format, byte[] body, int length);

    /// Moves to the next sample. Metadata is consumed on the way and remembered.
    ///
    /// @return false at the end of the body
    /// @throws ExpositionException if the body breaks a rule of its format or passes a limit; the
    ///   parser then wants a [#reset]
    boolean next() throws ExpositionException;

    /// The array that the offsets of key and value point into: the body, or a buffer of the parser.
    byte[] keyBytes();

    /// First byte of the key.
    int keyStart();

    /// One past the last byte of the key.
    int keyEnd();

    /// First byte of the value as written: while these bytes stay the same, so does the value.
    int valueStart();

    /// One past the last byte of the value; [#valueStart()] where a value cannot be told from its
    /// bytes.
    int valueEnd();

    /// The value. Any exposed NaN is the ordinary one, never a marker.
    double value() throws ExpositionException;

    /// The histogram, where the sample is one and has no [#value()]; null elsewhere. Built when
    /// asked for.
    ///
    /// @throws ExpositionException if its buckets do not add up or pass a limit
    @Nullable NativeHistogram histogram() throws ExpositionException;

    /// Does the sample carry a time of its own?
    boolean hasTimestamp();

    /// The sample's own time, Unix milliseconds; 0 where it has none.
    long timestampMs();

    /// When the series began to count, Unix milliseconds; 0 where the body does not say.
    long startMs();

    /// How many exemplars the sample carries.
    int exemplarCount() throws ExpositionException;

    /// An exemplar of the sample, made when asked for.
    ///
    /// @param index from 0 up to [#exemplarCount()]
    /// @param sampleMs the time of the sample, for an exemplar that has none of its own
    /// @throws ExpositionException if its labels break a rule
    Exemplar exemplar(int index, long sampleMs) throws ExpositionException;

    /// The labels of the sample, the metric name among them. The slow path: it allocates. A key
    /// whose labels were right once is right for good.
    ///
    /// @throws ExpositionException if the labels break a rule, such as a name that stands there
    ///   twice
    Labels labels() throws ExpositionException;

    /// What the body said of the family of this sample.
    MetricMetadata metadata();

    /// The line of the sample, from 1; 0 in a format without lines.
    int line();

    /// Where the sample begins: bytes before it in the body.
    int offsetBytes();
}
