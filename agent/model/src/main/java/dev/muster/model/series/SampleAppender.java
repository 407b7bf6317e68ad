package dev.muster.model.series;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.io.IOException;

/// Appends the samples of one origin, one scrape (or push) at a time: `begin`, any number of
/// `series` and `append`, then `commit` or `rollback`. All samples of a scrape become visible and
/// durable together, at `commit`.
///
/// References are small numbers, dense from 0, valid for this appender alone. Confined to one
/// thread at a time.
public interface SampleAppender extends AutoCloseable {
    /// Answer of [#series] when the series limit refuses a new series.
    int OVER_LIMIT = -1;

    /// Answer of [#find] for a series that does not exist.
    int NO_SERIES = -2;

    /// Starts a scrape.
    ///
    /// @param timestampMs Unix time of the samples that carry no time of their own: the nominal
    ///   tick
    void begin(long timestampMs);

    /// The reference of a series, which is created where it does not exist. The slow path: callers
    /// remember the reference and use it as long as [#append] accepts it.
    ///
    /// @return the reference, or [#OVER_LIMIT]
    int series(Labels labels, MetricMetadata metadata);

    /// The reference of a series, if it exists; nothing is created. For callers that ration new
    /// series and let old ones go on.
    ///
    /// @return the reference, or [#NO_SERIES]
    default int find(Labels labels) {
        return NO_SERIES;
    }

    /// Appends a value at the time of `begin`.
    AppendResult append(int reference, double value);

    /// Appends a value at a time of its own.
    AppendResult append(int reference, long timestampMs, double value);

    /// Appends a histogram at the time of `begin`.
    AppendResult append(int reference, NativeHistogram histogram);

    /// Appends a histogram at a time of its own.
    AppendResult append(int reference, long timestampMs, NativeHistogram histogram);

    /// Says since when the samples count that are appended to the series from now on, in this
    /// scrape and in those to come. To be called when that changes, not for every sample; part of
    /// the scrape, like a sample.
    ///
    /// @param startMs Unix time; 0 for not known
    void start(int reference, long startMs);

    /// Appends an exemplar of the series. One that the series' last exemplar equals, or that is
    /// older, is dropped; so is the oldest of all when there are too many.
    void exemplar(int reference, Exemplar exemplar);

    /// Makes the samples since `begin` visible and durable. When it returns they survive the death
    /// of this process.
    ///
    /// @throws IOException if they could not be logged; none of them is then visible
    void commit() throws IOException;

    /// Forgets the samples since `begin`; series that they created may stay.
    void rollback();

    /// Releases the origin's clock. The samples stay.
    @Override
    void close();
}
