package dev.muster.agent.part;

import java.time.Duration;

/// What parts of queries may take of an agent.
///
/// @param maxConcurrent most that are answered at one time; 0 answers none
/// @param maxWaiting most that wait for their turn
/// @param maxSamples most samples that one may decode
/// @param maxSeries most series that one may find
/// @param maxMemoryBytes most memory that the columns of one may take
/// @param timeout longest time for one, waiting included
public record PartLimits(
        int maxConcurrent,
        int maxWaiting,
        long maxSamples,
        long maxSeries,
        long maxMemoryBytes,
        Duration timeout) {
    public PartLimits {
        if (maxConcurrent < 0 || maxWaiting < 0) {
            throw new IllegalArgumentException(
                    "limit must not be negative: max-concurrent="
                            + maxConcurrent
                            + ", max-waiting="
                            + maxWaiting);
        }
        requirePositive("max-samples", maxSamples);
        requirePositive("max-series", maxSeries);
        requirePositive("max-memory", maxMemoryBytes);
        requirePositive("timeout", timeout.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("limit must be positive: " + name + "=" + value);
        }
    }
}
