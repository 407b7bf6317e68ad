package dev.muster.query.alertmanager.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The time of the clock: one thread for short tasks, a virtual thread for each that may take long.
public final class WallTimeline implements Timeline, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WallTimeline.class.getName());

    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("alertmanager").factory());

    public WallTimeline(InstantSource clock) {
        this.clock = clock;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void at(Instant time, Runnable task) {
        long delayMs =
                Math.max(0, Duration.between(clock.instant(), time).plusNanos(999_999).toMillis());
        try {
            var _ = thread.schedule(() -> guarded(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "alert manager has ended", e);
        }
    }

    @Override
    public void fork(Runnable task) {
        Thread.ofVirtual().name("notify").start(() -> guarded(task));
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "alert manager: a task failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
