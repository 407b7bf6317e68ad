package dev.muster.query.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets so many queries read at one time. Others wait, a bounded number of each class, in order
/// within their class. Thread-safe.
public final class Gate {
    /*
     * Stride scheduling [1]: a class with waiters has a time of its own, which goes on by
     * STRIDE / weight with each turn, and the class whose time is least gets the next turn. A class
     * that comes back after it had no waiters starts at the present, so that it saves up no turns.
     * Weights alone do not help a rule while all places are taken by slow queries, so a class and
     * those less urgent may take only so many places together.
     *
     * Invariant, under the lock: no waiter is left that could have a place.
     *
     * [1] Waldspurger, Weihl: Stride Scheduling, MIT/LCS/TM-528, 1995
     */
    private static final long STRIDE = 1_000_000;

    private final GateConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Priority, Line> lines = new EnumMap<>(Priority.class);
    private long present;

    /// The queries of one class. Guarded by the lock.
    private static final class Line {
        private final Deque<Waiter> waiting = new ArrayDeque<>();
        private int running;
        private long time;
    }

    private static final class Waiter {
        private final CountDownLatch turn = new CountDownLatch(1);
        private boolean granted;
    }

    /// A place; close gives it back.
    @FunctionalInterface
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// There is no place, and none will be waited for.
    public static final class RefusedException extends Exception {
        private final Reason reason;

        RefusedException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /// Why there is no place.
    public enum Reason {
        /// Too many of its class wait already.
        FULL,
        /// The time of the query was over before its turn came.
        TIMEOUT
    }

    public Gate(GateConfig config) {
        this.config = config;
        Priority.ALL.forEach(priority -> lines.put(priority, new Line()));
    }

    /// How many of a class read now.
    public int running(Priority priority) {
        lock.lock();
        try {
            return line(priority).running;
        } finally {
            lock.unlock();
        }
    }

    /// How many of a class wait now.
    public int waiting(Priority priority) {
        lock.lock();
        try {
            return line(priority).waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// A place, at once or when the turn of the query has come.
    ///
    /// @param patience longest time to wait
    /// @throws RefusedException if too many wait, or the turn does not come in time
    /// @throws InterruptedException if the caller is interrupted; it then has no place
    public Place enter(Priority priority, Duration patience)
            throws RefusedException, InterruptedException {
        Waiter waiter = arrive(priority);
        if (waiter == null) {
            return once(priority);
        }
        try {
            if (!waiter.turn.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                    && withdraw(priority, waiter)) {
                throw new RefusedException(Reason.TIMEOUT, "query timed out in query queue");
            }
        } catch (InterruptedException e) {
            if (!withdraw(priority, waiter)) {
                leave(priority);
            }
            throw e;
        }
        return once(priority);
    }

    /// @return null if there was a place
    private @Nullable Waiter arrive(Priority priority) throws RefusedException {
        lock.lock();
        try {
            Line line = line(priority);
            if (line.waiting.isEmpty() && hasRoom(priority)) {
                line.running++;
                return null;
            }
            int limit = config.share(priority).maxWaiting();
            if (line.waiting.size() >= limit) {
                throw new RefusedException(
                        Reason.FULL,
                        "too many queries wait: class="
                                + priority.text()
                                + ", max-waiting="
                                + limit);
            }
            if (line.waiting.isEmpty()) {
                line.time = Math.max(line.time, present);
            }
            Waiter waiter = new Waiter();
            line.waiting.add(waiter);
            return waiter;
        } finally {
            lock.unlock();
        }
    }

    /// @return false if the turn has come meanwhile
    private boolean withdraw(Priority priority, Waiter waiter) {
        lock.lock();
        try {
            line(priority).waiting.remove(waiter);
            return !waiter.granted;
        } finally {
            lock.unlock();
        }
    }

    private Place once(Priority priority) {
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                leave(priority);
            }
        };
    }

    private void leave(Priority priority) {
        lock.lock();
        try {
            line(priority).running--;
            for (Priority next = next(); next != null; next = next()) {
                grant(next);
            }
        } finally {
            lock.unlock();
        }
    }

    private void grant(Priority priority) {
        Line line = line(priority);
        Waiter waiter = line.waiting.remove();
        waiter.granted = true;
        line.running++;
        present = line.time;
        line.time += STRIDE / config.share(priority).weight();
        waiter.turn.countDown();
    }

    /// The class whose turn it is; null if none of those who wait can have a place.
    private @Nullable Priority next() {
        Priority best = null;
        for (Priority priority : Priority.ALL) {
            boolean can = !line(priority).waiting.isEmpty() && hasRoom(priority);
            if (can && (best == null || line(priority).time < line(best).time)) {
                best = priority;
            }
        }
        return best;
    }

    private boolean hasRoom(Priority priority) {
        int running = 0;
        for (int i = Priority.ALL.size() - 1; i >= 0; i--) {
            Priority each = Priority.ALL.get(i);
            running += line(each).running;
            if (each.compareTo(priority) <= 0 && running >= config.share(each).maxConcurrent()) {
                return false;
            }
        }
        return true;
    }

    private Line line(Priority priority) {
        Line line = lines.get(priority);
        if (line == null) {
            throw new IllegalStateException("class without a line: " + priority);
        }
        return line;
    }
}
