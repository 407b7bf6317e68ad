package dev.muster.query.api;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets so many calls read series at one time; others wait in order, a bounded number of them and
/// no longer than their time. Thread-safe.
final class Gate {
    private final int places;
    private final int waitingLimit;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();

    Gate(int places, int waitingLimit) {
        this.places = places;
        this.waitingLimit = waitingLimit;
        this.free = new Semaphore(places, true);
    }

    /// A place; close gives it back.
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    int running() {
        return places - free.availablePermits();
    }

    int waiting() {
        return waiting.get();
    }

    Place enter(CallBudget budget) throws LimitException, ApiException {
        if (free.tryAcquire()) {
            return free::release;
        }
        if (waiting.incrementAndGet() > waitingLimit) {
            waiting.decrementAndGet();
            throw new LimitException(
                    "max-waiting",
                    new ApiException(
                            ErrorType.UNAVAILABLE,
                            "too many queries wait: max-waiting=" + waitingLimit));
        }
        try {
            if (free.tryAcquire(budget.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return free::release;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorType.CANCELED, "query was canceled in query queue");
        } finally {
            waiting.decrementAndGet();
        }
        throw new LimitException(
                "max-concurrent",
                new ApiException(ErrorType.TIMEOUT, "query timed out in query queue"));
    }
}
