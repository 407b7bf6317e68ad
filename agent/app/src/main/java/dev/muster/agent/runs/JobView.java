package dev.muster.agent.runs;

import java.util.Map;

/// A job as it is now. Times are Unix milliseconds, 0 for never.
///
/// @param key the job
/// @param plan what it announced
/// @param dueMs when a start is due that was not seen yet; 0 without a schedule
/// @param overdue was a start missed, or does a run take too long?
/// @param startedMs when it was last started
/// @param finishedMs when it last ended
/// @param succeededMs when it last ended well
/// @param exitCode of the run that ended last
/// @param durationMs of the run that ended last
/// @param successes runs that ended well
/// @param failures runs that did not
/// @param missed times that it became overdue
/// @param running when each run that goes on was started, by id
public record JobView(
        RunKey key,
        JobPlan plan,
        long dueMs,
        boolean overdue,
        long startedMs,
        long finishedMs,
        long succeededMs,
        int exitCode,
        long durationMs,
        long successes,
        long failures,
        long missed,
        Map<String, Long> running) {
    public JobView {
        running = Map.copyOf(running);
    }

    /// May it become overdue?
    public boolean isWatched() {
        return dueMs != 0 || !plan.expected().isZero();
    }

    /// Did the last run end well, as far as there is one, and is none missing?
    public boolean up() {
        return !overdue && (finishedMs == 0 || exitCode == 0);
    }
}
