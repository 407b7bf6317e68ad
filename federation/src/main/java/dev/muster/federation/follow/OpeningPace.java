package dev.muster.federation.follow;

/// How many streams may be opening at one time: more while they come, half as many when one does
/// not come in time. Thread-safe.
final class OpeningPace {
    /*
     * Additive increase, multiplicative decrease, as of a window of TCP (RFC 5681): a first frame that comes too late was
     * work for nothing, and asking for as many again makes the next ones later still.
     */
    private static final int LEAST = 4;

    /// Streams that fail together are one sign.
    private static final long TOGETHER_MS = 1_000;

    private final int most;
    private int limit;
    private long slowedMs;
    private boolean slowed;

    /// @param most streams at any time
    OpeningPace(int most) {
        this.most = most;
        limit = Math.max(1, most / 2);
    }

    synchronized int limit() {
        return limit;
    }

    /// One has come.
    synchronized void connected() {
        limit = Math.min(most, limit + 1);
    }

    /// One has not.
    synchronized void failed(long nowMs) {
        if (!slowed || nowMs - slowedMs >= TOGETHER_MS) {
            slowed = true;
            slowedMs = nowMs;
            limit = Math.max(Math.min(LEAST, most), limit / 2);
        }
    }
}
