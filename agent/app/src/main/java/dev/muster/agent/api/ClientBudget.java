package dev.muster.agent.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.util.function.LongSupplier;

/// Stops the work for a client that has left, or that has had its time. Thread-safe.
final class ClientBudget implements ReadBudget {
    static final long TIMEOUT_NANOS = 120_000_000_000L;

    private final LongSupplier nanoTime;
    private final long startNanos;
    private volatile boolean gone;

    ClientBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        startNanos = nanoTime.getAsLong();
    }

    void clientGone() {
        gone = true;
    }

    @Override
    public void chargeSeries(int count) {
        check();
    }

    @Override
    public void chargeSamples(int count) {
        check();
    }

    @Override
    public void chargeFetchedBytes(long bytes) {
        check();
    }

    @Override
    public void check() {
        if (gone) {
            throw new BudgetExceededException("client", "client has left");
        }
        if (nanoTime.getAsLong() - startNanos > TIMEOUT_NANOS) {
            throw new BudgetExceededException(
                    "timeout", "select must end within seconds=" + TIMEOUT_NANOS / 1_000_000_000L);
        }
    }
}
