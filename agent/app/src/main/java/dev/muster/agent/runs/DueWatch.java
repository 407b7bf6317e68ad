package dev.muster.agent.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Watches that a job starts when it is due. No clock of its own; confined to the lock of its
/// owner.
final class DueWatch {
    /*
     * What is due is by the wall clock, how long it has been due by the monotonic one. Steps of the
     * wall clock are taken as Debian's cron takes them: up to three hours ahead, jobs of a certain
     * time are started at once and thus have their grace from then, others are left out; up to three
     * hours back, nothing is started twice; a larger step corrects a wrong clock, and what is due is
     * counted from the new time.
     */
    private static final long CORRECTION_MS = Duration.ofHours(3).toMillis();

    /// A smaller step is none: rounds come late, clocks are slewed.
    private static final long STEP_MS = 5_000;

    /// So much before its time a start counts, as clocks of two programs differ.
    private static final long EARLY_MS = 2_000;

    private static final long NOT_REACHED = Long.MIN_VALUE;

    private final Schedule schedule;
    private final long graceNanos;
    private long dueMs;
    private long reachedNanos = NOT_REACHED;
    private boolean looked;
    private long lastMs;
    private long lastNanos;

    /// @param dueMs the first time that no start was seen for; [Long#MAX_VALUE] for never
    DueWatch(Schedule schedule, Duration grace, long dueMs) {
        this.schedule = schedule;
        graceNanos = grace.toNanos();
        this.dueMs = dueMs;
    }

    static long nextMs(Schedule schedule, long afterMs) {
        Optional<Instant> next = schedule.next(Instant.ofEpochMilli(afterMs));
        return next.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    }

    /// When a start is due that was not seen yet.
    long dueMs() {
        return dueMs;
    }

    /// The job was started. One that comes long before it is due is an extra one.
    void started(long atMs) {
        if (schedule instanceof EverySchedule || atMs >= dueMs - EARLY_MS) {
            dueMs = nextMs(schedule, Math.max(atMs, dueMs <= atMs + EARLY_MS ? dueMs : atMs));
            reachedNanos = NOT_REACHED;
        }
    }

    /// Looks at the clocks. To be called every second.
    ///
    /// @return is the job overdue?
    boolean look(long nowMs, long nowNanos) {
        noticeStep(nowMs, nowNanos);
        if (reachedNanos == NOT_REACHED && dueMs <= nowMs) {
            long lateMs = nowMs - dueMs;
            boolean unseen = looked && lateMs > STEP_MS;
            reachedNanos = unseen ? nowNanos : nowNanos - lateMs * 1_000_000;
        }
        looked = true;
        lastMs = nowMs;
        lastNanos = nowNanos;
        return reachedNanos != NOT_REACHED && nowNanos - reachedNanos > graceNanos;
    }

    /// Looks at the clocks while no start could be seen: what is due by now counts as started.
    void passUnheard(long nowMs, long nowNanos) {
        noticeStep(nowMs, nowNanos);
        if (dueMs <= nowMs) {
            dueMs = nextMs(schedule, nowMs);
        }
        reachedNanos = NOT_REACHED;
        looked = true;
        lastMs = nowMs;
        lastNanos = nowNanos;
    }

    private void noticeStep(long nowMs, long nowNanos) {
        if (!looked) {
            return;
        }
        long stepMs = nowMs - lastMs - (nowNanos - lastNanos) / 1_000_000;
        if (Math.abs(stepMs) > CORRECTION_MS) {
            dueMs = nextMs(schedule, nowMs);
            reachedNanos = NOT_REACHED;
        } else if (stepMs > STEP_MS
                && !schedule.madeUpFor()
                && reachedNanos == NOT_REACHED
                && dueMs > lastMs
                && dueMs <= nowMs) {
            dueMs = nextMs(schedule, nowMs);
        }
    }
}
