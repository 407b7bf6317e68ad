package dev.muster.head;

import dev.muster.head.memory.Store;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The thread of a head that forces the log to the device, writes checkpoints, and drops windows
/// when the disk limit is passed.
final class Upkeep {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final int DROPPED_KEPT = 100;

    /// How often the disk limit is looked at.
    private static final long ROUND_NANOS = 1_000_000_000L;

    /// How often idle series are looked for.
    private static final long RETIRE_NANOS = 30_000_000_000L;

    private final Store store;
    private final HeadConfig config;
    private final Thread thread;
    private final Deque<TimeRange> dropped = new ArrayDeque<>();
    private volatile boolean ended;

    /// Steps whose last attempt failed; used by the thread only.
    private final Set<String> failing = new HashSet<>();

    Upkeep(Store store, HeadConfig config) {
        this.store = store;
        this.config = config;
        thread = Thread.ofPlatform().daemon().name("muster-head").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long syncedAt = System.nanoTime();
        long checkpointAt = syncedAt;
        long retiredAt = syncedAt;
        long syncNanos = config.syncInterval().toNanos();
        long checkpointNanos = config.checkpointInterval().toNanos();
        while (!ended) {
            LockSupport.parkNanos(Math.min(ROUND_NANOS, syncNanos));
            long now = System.nanoTime();
            if (now - syncedAt >= syncNanos) {
                syncedAt = now;
                attempt("sync", store::sync);
            }
            if (now - checkpointAt >= checkpointNanos) {
                checkpointAt = now;
                attempt("checkpoint", store.retention()::checkpoint);
            }
            if (now - retiredAt >= RETIRE_NANOS) {
                retiredAt = now;
                attempt("idle series", () -> store.retention().retire(false));
            }
            attempt("disk limit", this::enforceDiskLimit);
        }
    }

    /// A step that may fail and is tried again.
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(String name, Step step) {
        try {
            step.run();
            failing.remove(name);
        } catch (IOException | RuntimeException e) {
            if (failing.add(name) && !ended) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        () -> "head upkeep failed, is tried again: step=" + name,
                        e);
            }
        }
    }

    /// Shortens the log, then drops the oldest windows, until the limit holds.
    void enforceDiskLimit() throws IOException {
        if (store.diskBytes() <= config.diskLimitBytes()) {
            return;
        }
        try {
            store.retention().checkpoint();
        } finally {
            dropOverLimit();
        }
    }

    private void dropOverLimit() {
        while (store.diskBytes() > config.diskLimitBytes()) {
            long bytes = store.diskBytes();
            Optional<TimeRange> window = store.retention().dropOldest();
            if (window.isEmpty()) {
                return;
            }
            synchronized (dropped) {
                dropped.add(window.get());
                if (dropped.size() > DROPPED_KEPT) {
                    dropped.remove();
                }
            }
            LOG.log(
                    System.Logger.Level.ERROR,
                    () ->
                            "window dropped, its block was not shipped: disk limit passed: window="
                                    + window.get()
                                    + " diskBytes="
                                    + bytes
                                    + " limitBytes="
                                    + config.diskLimitBytes());
        }
    }

    /// Windows dropped so far, the last of them.
    List<TimeRange> dropped() {
        synchronized (dropped) {
            return new ArrayList<>(dropped);
        }
    }

    /// Ends the thread and waits for it.
    void end() {
        ended = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
