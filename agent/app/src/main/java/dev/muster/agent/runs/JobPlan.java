package dev.muster.agent.runs;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;

/// What a job announced of when it runs.
///
/// @param schedule as announced; empty for none
/// @param zone of the schedule
/// @param grace how late it may start, and how much longer it may take
/// @param expected how long it takes at most; zero for no limit
public record JobPlan(String schedule, String zone, Duration grace, Duration expected) {
    private static final Duration LIMIT = Duration.ofDays(3660);

    static final JobPlan NONE =
            new JobPlan("", ZoneId.systemDefault().getId(), Duration.ofMinutes(1), Duration.ZERO);

    public JobPlan {
        if (grace.isNegative()
                || expected.isNegative()
                || grace.compareTo(LIMIT) > 0
                || expected.compareTo(LIMIT) > 0) {
            throw new IllegalArgumentException(
                    "grace and expected must be 0 to 10 years: grace="
                            + grace
                            + ", expected="
                            + expected);
        }
    }

    /// @throws RunException if it cannot be read
    Schedule parsed() throws RunException {
        try {
            return Schedule.parse(schedule, ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw RunException.bad("zone must be one such as Europe/Zurich", zone);
        }
    }
}
