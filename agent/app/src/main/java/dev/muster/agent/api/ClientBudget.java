package dev.muster.agent.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Stops the work for a client that has left, or that has had its time. Thread-safe.
final class ClientBudget implements ReadBudget {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final long startNanos;
    private final Duration timeout;
    private volatile boolean gone;

    ClientBudget(LongSupplier nanoTime) {
        this(nanoTime, TIMEOUT);
    }

    ClientBudget(LongSupplier nanoTime, Duration timeout) {
        this.nanoTime = nanoTime;
        this.timeout = timeout;
        startNanos = nanoTime.getAsLong();
    }

    void clientGone() {
        gone = true;
    }

    /// Has the client left?
    boolean gone() {
        return gone;
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
            throw new BudgetExceededException("cancelled", "client has left");
        }
        if (nanoTime.getAsLong() - startNanos > timeout.toNanos()) {
            throw new BudgetExceededException(
                    "timeout", "answer must end within ms=" + timeout.toMillis());
        }
    }
}
