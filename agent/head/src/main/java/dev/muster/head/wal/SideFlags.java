package dev.muster.head.wal;

/// What a commit record has beside numbers: its second byte of flags.
final class SideFlags {
    /// Histograms at the tick.
    static final int HISTOGRAMS = 1;

    /// A histogram for each late sample whose value is the marker.
    static final int LATE_HISTOGRAMS = 2;

    /// A start time for each late sample.
    static final int LATE_STARTS = 4;

    /// Start times of slots.
    static final int STARTS = 8;

    static final int EXEMPLARS = 16;

    private SideFlags() {}
}
