package dev.muster.query.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadAllowance;
import dev.muster.model.series.ReadBudget;
import dev.muster.query.load.Consumer;
import dev.muster.query.load.NodeMemory;
import dev.muster.query.load.Priority;
import dev.muster.query.load.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What one call may still read and hold, and whether it must stop: its time is over, its client
/// has left, or others need its memory. Thread-safe.
final class CallBudget implements ReadBudget, Consumer {
    static final String CANCELLED = "cancelled";
    static final String TIMEOUT = "timeout";

    /// About what a found series holds on to: its labels and where its samples are.
    private static final long SERIES_BYTES = 400;

    private final long maxSeries;
    private final long maxSamples;
    private final long maxFetchedBytes;
    private final Priority priority;
    private final NodeMemory node;
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong peakMemoryBytes = new AtomicLong();
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private volatile Runnable onStop = () -> {};
    private volatile long deadlineNanos;
    private volatile boolean closed;
    private volatile boolean left;

    /// Why it must stop.
    private record Stop(String limit, String why) {}

    /// Of a call that shares the node with no other.
    CallBudget(ApiLimits limits) {
        this(limits, Priority.AD_HOC, new NodeMemory(Runtime.getRuntime().maxMemory()));
    }

    CallBudget(ApiLimits limits, Priority priority, NodeMemory node) {
        maxSeries = limits.maxSeries();
        maxSamples = limits.maxSamples();
        maxFetchedBytes = limits.maxFetchedBytes();
        deadlineNanos = System.nanoTime() + limits.timeout().toNanos();
        this.priority = priority;
        this.node = node;
        node.join(this);
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

    /// What is to be done, once, when the call must stop before it looks here.
    void onStop(Runnable action) {
        onStop = action;
    }

    /// The client has left.
    void cancel() {
        left = true;
        stop(CANCELLED, "query was canceled in expression evaluation");
    }

    @Override
    public void stop(String limit, String why) {
        if (stop.compareAndSet(null, new Stop(limit, why))) {
            onStop.run();
        }
    }

    /// Has the client left? Nobody is there to be told anything.
    boolean cancelled() {
        return left;
    }

    /// Why it was told to stop; empty if it was not.
    Optional<BudgetExceededException> stopped() {
        return Optional.ofNullable(stop.get())
                .map(known -> new BudgetExceededException(known.limit, known.why));
    }

    /// The call has ended: others may have its memory.
    void close() {
        closed = true;
        node.leave(this, memoryBytes.getAndSet(0));
    }

    @Override
    public Priority priority() {
        return priority;
    }

    @Override
    public Usage usage() {
        return new Usage(
                series.get(),
                samples.get(),
                fetchedBytes.get(),
                memoryBytes.get(),
                peakMemoryBytes.get());
    }

    @Override
    public void chargeSeries(int count) {
        charge("series", series, count, maxSeries);
        chargeMemory(count * SERIES_BYTES);
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
    public void chargeMemory(long bytes) {
        long held = memoryBytes.addAndGet(bytes);
        peakMemoryBytes.accumulateAndGet(held, Math::max);
        node.reserve(this, bytes);
    }

    @Override
    public void releaseMemory(long bytes) {
        if (!closed) {
            memoryBytes.addAndGet(-bytes);
            node.release(bytes);
        }
    }

    /// Memory is the node's, not the call's.
    @Override
    public ReadAllowance allowance() {
        return new ReadAllowance(
                maxSeries - series.get(),
                maxSamples - samples.get(),
                maxFetchedBytes - fetchedBytes.get(),
                Long.MAX_VALUE);
    }

    @Override
    public void check() {
        Stop known = stop.get();
        if (known != null) {
            throw new BudgetExceededException(known.limit, known.why);
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new BudgetExceededException(TIMEOUT, "query timed out in expression evaluation");
        }
    }

    /// Names of the limits that would be passed.
    List<String> passedBy(long moreSeries, long moreSamples, long moreBytes) {
        List<String> passed = new ArrayList<>();
        if (moreSeries > maxSeries) {
            passed.add("series");
        }
        if (moreSamples > maxSamples) {
            passed.add("samples");
        }
        if (moreBytes > maxFetchedBytes) {
            passed.add("fetched-bytes");
        }
        return passed;
    }

    private void charge(String name, AtomicLong spent, long more, long limit) {
        if (spent.addAndGet(more) > limit) {
            throw new BudgetExceededException(
                    name, "query must not read more than max-" + name + "=" + limit);
        }
        check();
    }
}
