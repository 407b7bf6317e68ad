package dev.muster.query.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What one call may still read, and whether it must stop: its time is over, or its client has
/// left. Thread-safe.
final class CallBudget implements ReadBudget {
    static final String CANCELLED = "cancelled";
    static final String TIMEOUT = "timeout";

    private final long maxSeries;
    private final long maxSamples;
    private final long maxFetchedBytes;
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private volatile long deadlineNanos;
    private volatile boolean cancelled;

    CallBudget(ApiLimits limits) {
        maxSeries = limits.maxSeries();
        maxSamples = limits.maxSamples();
        maxFetchedBytes = limits.maxFetchedBytes();
        deadlineNanos = System.nanoTime() + limits.timeout().toNanos();
    }

    /// Ends the call after `timeout`, if that is sooner.
    void shorten(Duration timeout) {
        long other = System.nanoTime() + timeout.toNanos();
        if (other - deadlineNanos < 0) {
            deadlineNanos = other;
        }
    }

    Duration left() {
        return Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    }

    /// The client has left.
    void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    @Override
    public void chargeSeries(int count) {
        charge("series", series, count, maxSeries);
    }

    @Override
    public void chargeSamples(int count) {
        charge("samples", samples, count, maxSamples);
    }

    @Override
    public void chargeFetchedBytes(long bytes) {
        charge("fetched-bytes", fetchedBytes, bytes, maxFetchedBytes);
    }

    @Override
    public void check() {
        if (cancelled) {
            throw new BudgetExceededException(
                    CANCELLED, "query was canceled in expression evaluation");
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new BudgetExceededException(TIMEOUT, "query timed out in expression evaluation");
        }
    }

    private void charge(String name, AtomicLong spent, long more, long limit) {
        if (spent.addAndGet(more) > limit) {
            throw new BudgetExceededException(
                    name, "query must not read more than max-" + name + "=" + limit);
        }
        check();
    }
}
