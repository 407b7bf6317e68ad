package dev.muster.model.frame;

/// What the two ends of a frame stream have in common. Drawn in `docs/format/frames.md`.
final class Frames {
    static final int MAGIC = 0x3146534d; // "MSF1"

    static final int SYMBOLS = 1;
    static final int SERIES = 2;
    static final int SAMPLES = 3;
    static final int WARNINGS = 4;
    static final int END = 5;

    /// Samples, some with start times or histograms: what readers of before these do not know.
    static final int MORE_SAMPLES = 6;

    /// A frame is closed when it has grown to this size.
    static final int TARGET_BYTES = 64 << 10;

    /// A frame that says it is larger is refused unread.
    static final int LIMIT_BYTES = 16 << 20;

    /// Most samples of one series in one frame.
    static final int SAMPLES_PER_PIECE = 16_384;

    /// Most buckets and custom bounds of one histogram: fewer than a frame has bytes for.
    static final int BUCKETS_LIMIT = 1 << 19;

    /// A piece is closed when its histograms have so many buckets and bounds.
    static final int TARGET_BUCKETS = 1 << 14;

    static final int LABELS_LIMIT = 10_000;
    static final int SERIES_LIMIT = 50_000_000;

    private Frames() {}
}
