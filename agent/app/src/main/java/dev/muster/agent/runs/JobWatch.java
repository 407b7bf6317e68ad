package dev.muster.agent.runs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A job and what tells that it is overdue. No clock of its own; confined to the lock of its owner.
final class JobWatch {
    final JobState state;
    private final Map<String, Long> runningNanos = new HashMap<>();
    private final Set<String> unheard = new HashSet<>();
    private @Nullable DueWatch due;

    JobWatch(JobState state) {
        this.state = state;
        watch();
    }

    private void watch() {
        JobPlan plan = state.plan;
        try {
            due =
                    plan.schedule().isEmpty()
                            ? null
                            : new DueWatch(plan.parsed(), plan.grace(), state.dueMs);
        } catch (RunException e) {
            due = null;
        }
    }

    /// Takes what the job announced of when it runs.
    void announce(JobPlan plan, long nowMs) throws RunException {
        boolean scheduled = !plan.schedule().isEmpty();
        long dueMs = scheduled ? DueWatch.nextMs(plan.parsed(), nowMs) : Long.MAX_VALUE;
        state.plan = plan;
        state.dueMs = dueMs;
        state.overdue = false;
        watch();
    }

    /// A run has begun.
    ///
    /// @param nanos when, by the monotonic clock
    void start(String id, long atMs, long nanos) {
        if (state.start(id, atMs)) {
            runningNanos.put(id, nanos);
            started(atMs);
        }
    }

    private void started(long atMs) {
        DueWatch watch = due;
        if (watch != null) {
            watch.started(atMs);
            state.dueMs = watch.dueMs();
        }
    }

    /// A run has ended, whether it was known or not.
    ///
    /// @param fromMs when it began, unless that is known
    void finish(String id, long fromMs, long atMs, int exitCode) {
        @Nullable Long known = state.running.get(id);
        long startMs = known == null ? fromMs : known;
        state.finish(id, startMs, atMs, exitCode);
        runningNanos.remove(id);
        if (known == null) {
            started(startMs);
        }
    }

    /// Looks at the clocks. To be called every second.
    ///
    /// @return has it just become overdue?
    boolean look(long nowMs, long nowNanos) {
        boolean overdue = false;
        DueWatch watch = due;
        if (watch != null) {
            overdue = watch.look(nowMs, nowNanos);
            state.dueMs = watch.dueMs();
        }
        overdue |= takesTooLong(nowMs, nowNanos);
        boolean begins = overdue && !state.overdue;
        if (begins) {
            state.missed++;
        }
        state.overdue = overdue;
        return begins;
    }

    /// Looks at the clocks while nobody can tell of starts and ends: what is due by now may have
    /// been started, and a run that takes long may have ended. What is overdue stays so.
    void passUnheard(long nowMs, long nowNanos) {
        DueWatch watch = due;
        if (watch != null && !state.overdue) {
            watch.passUnheard(nowMs, nowNanos);
            state.dueMs = watch.dueMs();
        }
        unheard.addAll(lateRuns(nowMs, nowNanos));
    }

    /// Goes on after a time in which nobody could tell of starts and ends although the host was up.
    /// What was overdue before stays so, and so does what fell due before that time; a run that
    /// began before the host's start is over, whatever it told.
    ///
    /// @param fromMs when that time began, Unix time
    /// @param hostStartMs when the host was started
    /// @return was there anything that cannot be known?
    boolean comeBack(long fromMs, long hostStartMs, long nowMs, long nowNanos) {
        if (state.overdue) {
            return false;
        }
        boolean missed = false;
        DueWatch watch = due;
        if (watch != null && watch.dueMs() >= fromMs && watch.dueMs() <= nowMs) {
            watch.passUnheard(nowMs, nowNanos);
            state.dueMs = watch.dueMs();
            missed = true;
        }
        for (String run : lateRuns(nowMs, nowNanos)) {
            Long startMs = state.running.get(run);
            missed |= startMs != null && startMs >= hostStartMs && unheard.add(run);
        }
        return missed;
    }

    private boolean takesTooLong(long nowMs, long nowNanos) {
        return !unheard.containsAll(lateRuns(nowMs, nowNanos));
    }

    private Set<String> lateRuns(long nowMs, long nowNanos) {
        JobPlan plan = state.plan;
        if (plan.expected().isZero()) {
            return Set.of();
        }
        long limit = plan.expected().plus(plan.grace()).toNanos();
        Set<String> late = new HashSet<>();
        for (Map.Entry<String, Long> run : state.running.entrySet()) {
            long sinceNanos =
                    runningNanos.computeIfAbsent(
                            run.getKey(), _ -> nowNanos - (nowMs - run.getValue()) * 1_000_000);
            if (nowNanos - sinceNanos > limit) {
                late.add(run.getKey());
            }
        }
        return late;
    }

    JobView view() {
        return new JobView(
                state.key,
                state.plan,
                state.dueMs == Long.MAX_VALUE ? 0 : state.dueMs,
                state.overdue,
                state.startedMs,
                state.finishedMs,
                state.succeededMs,
                state.exitCode,
                state.durationMs,
                state.successes,
                state.failures,
                state.missed,
                state.running);
    }
}
