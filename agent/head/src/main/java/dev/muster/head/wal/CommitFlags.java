package dev.muster.head.wal;

/// What is in a commit record.
final class CommitFlags {
    /// The record needs no earlier values: each slot's value stands in it.
    static final int KEY = 1;

    /// Every slot has a sample, so there is no bitmap of them.
    static final int ALL_PRESENT = 2;

    static final int TICKS = 4;
    static final int LATE = 8;
    static final int DEFINITIONS = 16;
    static final int NAME = 32;

    /// A second byte of flags follows.
    static final int SIDE = 64;

    private CommitFlags() {}
}
