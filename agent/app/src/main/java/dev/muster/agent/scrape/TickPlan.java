package dev.muster.agent.scrape;

/// When a target is scraped, as a pure function of the clock.
///
/// Nominal ticks lie at `offsetMs` plus multiples of `intervalMs`, Unix time, and are what is
/// stored; a tick fires `jitterMs` after it. Both are constant for a target, so that its timestamps
/// are regular, and spread targets over the interval. Ticks of intervals up to a second are aligned
/// for all targets; the jitter is at most half a second.
///
/// @param intervalMs between ticks
/// @param offsetMs of ticks to multiples of the interval; whole seconds, 0 for short intervals
/// @param jitterMs from a tick until it fires
record TickPlan(long intervalMs, long offsetMs, long jitterMs) {
    private static final long SECOND_MS = 1_000;

    /// @param hash spreads targets; the same for a target at every start
    static TickPlan of(long intervalMs, int hash) {
        // similar names have similar hashes: the last step of MurmurHash3 spreads them
        long mixed = (hash ^ (hash >>> 16)) * 0xff51afd7ed558ccdL;
        long spread = (mixed ^ (mixed >>> 33)) >>> 16;
        long offsetMs = spread % intervalMs / SECOND_MS * SECOND_MS;
        long jitterMs = (spread >>> 17) % (Math.min(intervalMs, SECOND_MS) / 2);
        return new TickPlan(intervalMs, intervalMs > SECOND_MS ? offsetMs : 0, jitterMs);
    }

    /// The last tick that should have fired at `nowMs`.
    long tickAt(long nowMs) {
        return Math.floorDiv(nowMs - jitterMs - offsetMs, intervalMs) * intervalMs + offsetMs;
    }

    long nextTick(long tickMs) {
        return tickMs + intervalMs;
    }

    long fireMs(long tickMs) {
        return tickMs + jitterMs;
    }
}
