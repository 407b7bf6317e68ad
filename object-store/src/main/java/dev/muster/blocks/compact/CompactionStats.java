package dev.muster.blocks.compact;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counters of merging, since the start. Thread-safe.
public final class CompactionStats {
    final LongAdder merges = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder blocksIn = new LongAdder();
    final LongAdder blocksOut = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder deletedObjects = new LongAdder();
    final LongAdder deletedBytes = new LongAdder();
    final LongAdder givenUp = new LongAdder();
    final AtomicLong backlog = new AtomicLong();

    CompactionStats() {}

    /// Merges whose blocks are seen now.
    public long merges() {
        return merges.sum();
    }

    /// Merges that failed.
    public long failures() {
        return failures.sum();
    }

    /// Merges in vain: another had merged some of the blocks before.
    public long lost() {
        return lost.sum();
    }

    /// Blocks that were merged.
    public long blocksIn() {
        return blocksIn.sum();
    }

    /// Blocks that came of them.
    public long blocksOut() {
        return blocksOut.sum();
    }

    /// Bytes of the blocks that were merged.
    public long bytesIn() {
        return bytesIn.sum();
    }

    /// Bytes of those that came of them.
    public long bytesOut() {
        return bytesOut.sum();
    }

    /// Files deleted: replaced ones, and those that merges left behind.
    public long deletedObjects() {
        return deletedObjects.sum();
    }

    /// Bytes of these.
    public long deletedBytes() {
        return deletedBytes.sum();
    }

    /// Merges that failed so often that they are left alone for a day.
    public long givenUp() {
        return givenUp.sum();
    }

    /// Merges that were due at the last look and are not done.
    public long backlog() {
        return backlog.get();
    }
}
