package dev.muster.federation.follow;

import java.util.concurrent.atomic.LongAdder;

/// Counters of a follower. Thread-safe.
public final class FollowerStats {
    final LongAdder frames = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder deltas = new LongAdder();
    final LongAdder opened = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder silent = new LongAdder();
    final LongAdder unread = new LongAdder();
    final LongAdder refusedFrames = new LongAdder();
    final LongAdder refusedViews = new LongAdder();
    final LongAdder mismatches = new LongAdder();
    final LongAdder repairs = new LongAdder();
    final LongAdder waited = new LongAdder();

    /// Frames received.
    public long frames() {
        return frames.sum();
    }

    /// Bytes of frames received.
    public long bytes() {
        return bytes.sum();
    }

    /// Frames received that told of a change.
    public long deltas() {
        return deltas.sum();
    }

    /// Streams asked for.
    public long opened() {
        return opened.sum();
    }

    /// Streams that broke or could not be opened.
    public long broken() {
        return broken.sum();
    }

    /// Streams given up because nothing came in time.
    public long silent() {
        return silent.sum();
    }

    /// Looks at streams that seemed silent because this node had no time to read them.
    public long unread() {
        return unread.sum();
    }

    /// Frames that were damaged or could not be of their stream.
    public long refusedFrames() {
        return refusedFrames.sum();
    }

    /// Views ignored because a newer one of the same observer was known.
    public long refusedViews() {
        return refusedViews.sum();
    }

    /// Copies found to differ from what their agent has.
    public long mismatches() {
        return mismatches.sum();
    }

    /// Differences asked for to repair a copy.
    public long repairs() {
        return repairs.sum();
    }

    /// Streams that had to wait because as many were opening as may.
    public long waited() {
        return waited.sum();
    }
}
