package dev.muster.agent.intake;

import dev.muster.agent.scrape.job.ScrapeLimits;
import java.time.Duration;
import java.util.Map;

/// How pushed samples are taken in.
///
/// @param external labels that every series gets that has none of that name
/// @param limits of a series
/// @param originsLimit most origins with a clock of their own; others share one; 1 to 100000
/// @param originMemory how long an origin counts after its last push
public record IntakePlan(
        Map<String, String> external,
        ScrapeLimits limits,
        int originsLimit,
        Duration originMemory) {
    private static final int MOST_ORIGINS = 100_000;

    public IntakePlan {
        external = Map.copyOf(external);
        if (originsLimit < 1 || originsLimit > MOST_ORIGINS) {
            throw new IllegalArgumentException(
                    "origins-limit must be 1 to " + MOST_ORIGINS + ": found=" + originsLimit);
        }
    }
}
