package dev.muster.agent.takeover;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// So many a second, and at most those of one second at once. Thread-safe.
final class RateBudget {
    private final double perNano;
    private final double most;
    private final LongSupplier nanoTime;
    private double left;
    private long atNanos;

    RateBudget(int perSecond, LongSupplier nanoTime) {
        perNano = perSecond / (double) TimeUnit.SECONDS.toNanos(1);
        most = perSecond;
        left = most;
        this.nanoTime = nanoTime;
        atNanos = nanoTime.getAsLong();
    }

    /// Takes one, if there is one.
    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        left = Math.min(most, left + (now - atNanos) * perNano);
        atNanos = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /// Puts one back that was not used after all.
    synchronized void giveBack() {
        left = Math.min(most, left + 1);
    }
}
