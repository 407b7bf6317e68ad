package dev.muster.agent.runs;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// When a job should start.
interface Schedule {
    /// The first time after `after`; empty if there is none.
    Optional<Instant> next(Instant after);

    /// Is a start that a change of the clock skipped made up for, rather than left out?
    boolean madeUpFor();

    /// Reads a cron expression of five fields, `@hourly` and its kind, or `@every 90m`.
    ///
    /// @throws RunException if it is none
    static Schedule parse(String text, ZoneId zone) throws RunException {
        String trimmed = text.strip();
        return trimmed.startsWith("@every")
                ? EverySchedule.parse(trimmed)
                : CronSchedule.parse(trimmed, zone);
    }
}
