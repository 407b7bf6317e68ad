package dev.muster.query.source;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets so many agents be asked at one time, and the others wait. Thread-safe.
final class Turns {
    /// How often a query that waits is asked whether to go on.
    private static final long CHECK_MS = 20;

    private final Semaphore turns;
    private final Runnable waits;

    /// Is given back when it is closed.
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// @param waits told when somebody has to wait
    Turns(int limit, Runnable waits) {
        turns = new Semaphore(limit, true);
        this.waits = waits;
    }

    /// Waits for a turn.
    Turn take(ReadBudget budget) throws IOException {
        if (!turns.tryAcquire()) {
            waits.run();
            await(budget);
        }
        return turns::release;
    }

    private void await(ReadBudget budget) throws IOException {
        try {
            while (!turns.tryAcquire(CHECK_MS, TimeUnit.MILLISECONDS)) {
                budget.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before the agent was asked");
        }
    }
}
