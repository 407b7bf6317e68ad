package dev.muster.query.alertmanager.dispatch;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts deliveries that wait for an answer, so that a stop need not cut them off. Thread-safe.
public final class UnderWay {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int count;

    void begin() {
        lock.lock();
        try {
            count++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            count--;
            if (count == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there are none.
    ///
    /// @return how many there still are
    public int awaitNone(Duration most) {
        lock.lock();
        try {
            long nanos = most.toNanos();
            while (count > 0 && nanos > 0) {
                nanos = none.awaitNanos(nanos);
            }
            return count;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return count;
        } finally {
            lock.unlock();
        }
    }
}
