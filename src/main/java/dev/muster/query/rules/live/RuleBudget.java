package dev.muster.query.rules.live;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.promql.EngineConfig;
import dev.muster.query.load.Consumer;
import dev.muster.query.load.NodeMemory;
import dev.muster.query.load.Priority;
import dev.muster.query.load.Usage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the query of one rule may still read and hold. Thread-safe.
final class RuleBudget implements ReadBudget, Consumer, AutoCloseable {
    /// About what a found series holds on to.
    private static final long SERIES_BYTES = 400;

    private final EngineConfig limits;
    private final NodeMemory node;
    private final long deadlineNanos;
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong peakMemoryBytes = new AtomicLong();
    private final AtomicReference<@Nullable BudgetExceededException> stop = new AtomicReference<>();

    RuleBudget(EngineConfig limits, NodeMemory node) {
        this.limits = limits;
        this.node = node;
        deadlineNanos = System.nanoTime() + limits.timeout().toNanos();
        node.join(this);
    }

    @Override
    public Priority priority() {
        return Priority.RULES;
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
    public void stop(String limit, String why) {
        stop.compareAndSet(null, new BudgetExceededException(limit, why));
    }

    @Override
    public void chargeSeries(int count) {
        charge("series", series, count, limits.maxSeries());
        chargeMemory(count * SERIES_BYTES);
    }

    @Override
    public void chargeSamples(int count) {
        charge("samples", samples, count, limits.maxSamples());
    }

    @Override
    public void chargeFetchedBytes(long bytes) {
        charge("fetched-bytes", fetchedBytes, bytes, limits.maxFetchedBytes());
    }

    private void charge(String name, AtomicLong spent, long more, long limit) {
        if (spent.addAndGet(more) > limit) {
            throw new BudgetExceededException(
                    name, "query must not read more than max-" + name + "=" + limit);
        }
        check();
    }

    @Override
    public void chargeMemory(long bytes) {
        long held = memoryBytes.addAndGet(bytes);
        peakMemoryBytes.accumulateAndGet(held, Math::max);
        node.reserve(this, bytes);
    }

    @Override
    public void releaseMemory(long bytes) {
        memoryBytes.addAndGet(-bytes);
        node.release(bytes);
    }

    @Override
    public void check() {
        BudgetExceededException known = stop.get();
        if (known != null) {
            throw new BudgetExceededException(known.limit(), String.valueOf(known.getMessage()));
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new BudgetExceededException(
                    "timeout", "query timed out in expression evaluation");
        }
    }

    /// The query has ended: others may have its memory.
    @Override
    public void close() {
        node.leave(this, memoryBytes.getAndSet(0));
    }
}
