package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// What is known of whether a lost agent's host lives. Thread-safe.
final class HostLife {
    /// How long an answer of the host counts.
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private static final ProbeResult[] BEST_FIRST = {
        ProbeResult.ALIVE, ProbeResult.CONNECTED, ProbeResult.REFUSED
    };

    private final LongSupplier nanoTime;
    private final long startNanos;

    /// When each kind of answer came last, from the start, plus one; 0 for never.
    private final AtomicLongArray last = new AtomicLongArray(ProbeResult.values().length);

    private volatile boolean confirmedDown;

    HostLife(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        startNanos = nanoTime.getAsLong();
    }

    /// Something on the host answered, be it that nobody listens. Silence says nothing.
    void answered(ProbeResult how) {
        last.set(how.ordinal(), nanoTime.getAsLong() - startNanos + 1);
    }

    /// The best that anything on the host answered just now.
    ProbeResult best() {
        long now = nanoTime.getAsLong() - startNanos + 1;
        for (ProbeResult how : BEST_FIRST) {
            long then = last.get(how.ordinal());
            if (then > 0 && now - then < FRESH_NANOS) {
                return how;
            }
        }
        return ProbeResult.SILENT;
    }

    /// Has anything on the host answered just now?
    boolean answers() {
        return best() != ProbeResult.SILENT;
    }

    /// What the cell has come to: a quorum, and never one peer alone.
    void confirmedDown(boolean down) {
        confirmedDown = down;
    }

    boolean isConfirmedDown() {
        return confirmedDown && !answers();
    }
}
