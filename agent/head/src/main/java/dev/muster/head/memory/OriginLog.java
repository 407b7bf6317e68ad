package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;

/// What the log knows of an origin: the base of the next record. Guarded by the lock of the origin.
final class OriginLog {
    /// Definitions in records so far.
    int definitions;

    /// Number of the newest record.
    long lastSequence;

    /// Records up to this one are in sealed chunks; replay skips them.
    long sealedSequence;

    /// Number of the newest record that replay has understood.
    long replayedSequence;

    /// The segment in which values of all slots have been logged.
    int keySegment = -1;

    /// Key records so far, those that replay has read not among them.
    int keys;

    /// Does replay know the values, histograms and start times that the next record builds on?
    boolean basesKnown;

    /// The segment in which the name has been logged.
    int nameSegment = -1;

    /// Slots whose definitions are not logged yet.
    final IntList pending = new IntList();

    /// Their definitions as they will be logged.
    final ByteWriter pendingBytes = new ByteWriter(0);

    void logged(long sequence, int segment, boolean key) {
        lastSequence = sequence;
        nameSegment = segment;
        if (key) {
            keySegment = segment;
            keys++;
        }
        if (pending.size() > 0) {
            definitions += pending.size();
            pending.clear();
            pendingBytes.shrink(0);
        }
    }
}
