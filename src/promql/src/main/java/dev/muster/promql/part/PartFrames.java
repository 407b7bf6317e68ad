package dev.muster.promql.part;

/// What the two ends of the stream of an answer have in common. Drawn in
/// `docs/format/part-frames.md`.
final class PartFrames {
    static final int MAGIC = 0x3153504d; // "MPS1"

    static final int SERIES = 1;
    static final int REMARKS = 2;
    static final int SPENT = 3;
    static final int FAILURE = 4;
    static final int END = 5;

    /// Not known to readers of before it.
    static final int COMPLETENESS = 6;

    /// Flags of a row.
    static final int DROP_NAME = 1;

    static final int OTHER_FIRST = 2;
    static final int NUMBERS = 4;
    static final int HISTOGRAMS = 8;
    static final int ROW_FLAGS = 15;

    /// Flags of a histogram.
    static final int MEAN = 1;

    static final int SAW_RESET = 2;
    static final int SAW_NO_RESET = 4;
    static final int RECONCILED = 8;
    static final int INCOMPATIBLE = 16;
    static final int HISTOGRAM_FLAGS = 31;

    /// A frame is closed when it has grown to this size.
    static final int TARGET_BYTES = 64 << 10;

    /// A frame that says it is larger is refused unread.
    static final int LIMIT_BYTES = 32 << 20;

    /// A row is split when its histograms have so many buckets and bounds.
    static final int TARGET_BUCKETS = 1 << 16;

    static final int LABELS_LIMIT = 10_000;

    /// Most different label names and values of an answer.
    static final int SYMBOLS_LIMIT = 20_000_000;

    private PartFrames() {}
}
