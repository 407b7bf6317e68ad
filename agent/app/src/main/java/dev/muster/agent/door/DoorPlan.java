package dev.muster.agent.door;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What may be pushed, and by whom.
///
/// @param tokenFile holds what other hosts have to show; without one they may not push
/// @param bodySizeLimitBytes most bytes of a body, as received and inflated; positive
/// @param bodyMemoryBytes most bytes of all bodies at one time; at least the limit of one
/// @param bodyTimeout for a body to arrive whole; 100 ms to 10 min
/// @param maxConcurrent most pushes at one time, 1 to 10000
public record DoorPlan(
        Optional<Path> tokenFile,
        long bodySizeLimitBytes,
        long bodyMemoryBytes,
        Duration bodyTimeout,
        int maxConcurrent) {
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(10);
    private static final int MOST_CONCURRENT = 10_000;

    public DoorPlan {
        if (bodySizeLimitBytes < 1 || bodySizeLimitBytes > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException(
                    "body-size-limit must be 1 B to 1 GB: bytes=" + bodySizeLimitBytes);
        }
        if (bodyMemoryBytes < bodySizeLimitBytes) {
            throw new IllegalArgumentException(
                    "body-memory-limit must be at least body-size-limit: bytes="
                            + bodyMemoryBytes
                            + ", bodySizeLimitBytes="
                            + bodySizeLimitBytes);
        }
        if (bodyTimeout.compareTo(LEAST_TIMEOUT) < 0 || bodyTimeout.compareTo(MOST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "body-timeout must be 100 ms to 10 min: found=" + bodyTimeout);
        }
        if (maxConcurrent < 1 || maxConcurrent > MOST_CONCURRENT) {
            throw new IllegalArgumentException(
                    "max-concurrent must be 1 to " + MOST_CONCURRENT + ": found=" + maxConcurrent);
        }
    }
}
