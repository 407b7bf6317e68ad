package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;

/// Makes one histogram of many. Reused; confined to one thread.
public interface HistogramFold {
    /// Starts with one histogram.
    void reset(NativeHistogram first);

    /// Has that histogram the same kind of buckets, exponential or custom, so that it can be added?
    boolean takes(NativeHistogram other);

    /// Adds a histogram that [#takes(NativeHistogram)] accepts.
    void add(NativeHistogram other);

    /// Were there histograms that have started anew and others that have not?
    boolean conflictingResets();

    /// Were there different custom bounds?
    boolean reconciledBounds();

    /// The histogram of all that came in, compacted.
    NativeHistogram result();

    /// What this holds on to, about.
    long sizeBytes();
}
