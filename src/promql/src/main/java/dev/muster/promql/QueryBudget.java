package dev.muster.promql;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadAllowance;
import dev.muster.model.series.ReadBudget;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What one query may use: the limits of the engine, the time, and what its caller allows.
/// Thread-safe.
final class QueryBudget implements ReadBudget {
    /// Names of the limits, as [BudgetExceededException#limit()] gives them.
    static final String TIMEOUT = "timeout";

    static final String CANCELLED = "cancelled";

    private final EngineConfig config;
    private final ReadBudget caller;
    private final long deadlineNanos;
    private final @Nullable QueryTrace trace;
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong peakMemoryBytes = new AtomicLong();

    QueryBudget(
            EngineConfig config,
            ReadBudget caller,
            long deadlineNanos,
            @Nullable QueryTrace trace) {
        this.config = config;
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
        this.trace = trace;
    }

    /// What is noted of operators; null where nobody has asked.
    @Nullable QueryTrace trace() {
        return trace;
    }

    /// This budget for a reader of series: what it reads is noted of the operator that asks now,
    /// whichever thread reads.
    ReadBudget reading() {
        return trace == null ? this : trace.reading(this);
    }

    @Override
    public void chargeSeries(int count) {
        charge(series, count, config.maxSeries(), "series");
        caller.chargeSeries(count);
    }

    @Override
    public void chargeSamples(int count) {
        charge(samples, count, config.maxSamples(), "samples");
        caller.chargeSamples(count);
    }

    @Override
    public void chargeFetchedBytes(long bytes) {
        charge(fetchedBytes, bytes, config.maxFetchedBytes(), "fetched bytes");
        caller.chargeFetchedBytes(bytes);
    }

    /// Memory that columns hold from now on.
    @Override
    public void chargeMemory(long bytes) {
        long now = charge(memoryBytes, bytes, config.maxMemoryBytes(), "memory bytes");
        peakMemoryBytes.accumulateAndGet(now, Math::max);
        if (trace != null) {
            trace.memory(bytes);
        }
        caller.chargeMemory(bytes);
    }

    /// Memory that columns no longer hold.
    @Override
    public void releaseMemory(long bytes) {
        memoryBytes.addAndGet(-bytes);
        if (trace != null) {
            trace.memory(-bytes);
        }
        caller.releaseMemory(bytes);
    }

    @Override
    public ReadAllowance allowance() {
        return new ReadAllowance(
                        config.maxSeries() - series.get(),
                        config.maxSamples() - samples.get(),
                        config.maxFetchedBytes() - fetchedBytes.get(),
                        config.maxMemoryBytes() - memoryBytes.get())
                .and(caller.allowance());
    }

    @Override
    public void check() {
        caller.check();
        if (Thread.currentThread().isInterrupted()) {
            throw new BudgetExceededException(
                    CANCELLED, "query was canceled in expression evaluation");
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new BudgetExceededException(TIMEOUT, "query timed out in expression evaluation");
        }
    }

    private static long charge(AtomicLong counter, long more, long limit, String name) {
        long now = counter.addAndGet(more);
        if (now > limit) {
            throw new BudgetExceededException(
                    name,
                    name.equals("samples")
                            ? "query processing would load too many samples into memory in query"
                                    + " execution: limit="
                                    + limit
                            : "query must not use more " + name + ": limit=" + limit);
        }
        return now;
    }

    /// How long the query may go on; at least a millisecond.
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, deadlineNanos - System.nanoTime()));
    }

    long series() {
        return series.get();
    }

    long samples() {
        return samples.get();
    }

    long memoryBytes() {
        return memoryBytes.get();
    }

    long peakMemoryBytes() {
        return peakMemoryBytes.get();
    }
}
