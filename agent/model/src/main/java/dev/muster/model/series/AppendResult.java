package dev.muster.model.series;

/// What became of a sample. Everything but [#APPENDED] is counted and costs nothing else.
public enum AppendResult {
    APPENDED,
    /// The series already holds another value at this time.
    DUPLICATE,
    /// Before the newest sample, and this series has no more room for such samples.
    OUT_OF_ORDER,
    /// Further in the past than late samples are taken.
    TOO_OLD,
    /// Further in the future than clocks may differ.
    TOO_FAR_AHEAD,
    /// The reference is not, or no longer, one of this appender: ask for it again.
    UNKNOWN_SERIES
}
