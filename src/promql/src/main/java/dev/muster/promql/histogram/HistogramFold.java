package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.part.PartHistogram;

/// Makes one histogram of many. Reused; confined to one thread.
public interface HistogramFold {
    /// Starts with one histogram.
    void reset(NativeHistogram first);

    /// Has that histogram the same kind of buckets, exponential or custom, so that it can be added?
    boolean takes(NativeHistogram other);

    /// Adds a histogram that [#takes(NativeHistogram)] accepts.
    void add(NativeHistogram other);

    /// What is known so far, for others of the same kind to take in.
    PartHistogram state();

    /// Starts with the state of another.
    void reset(PartHistogram state);

    /// Adds the state of another, whose histogram [#takes(NativeHistogram)] accepts.
    void merge(PartHistogram state);

    /// Were there histograms that have started anew and others that have not?
    boolean conflictingResets();

    /// Were there different custom bounds?
    boolean reconciledBounds();

    /// The histogram of all that came in, compacted.
    NativeHistogram result();

    /// What this holds on to, about.
    long sizeBytes();
}
