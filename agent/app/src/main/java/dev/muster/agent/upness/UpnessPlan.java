package dev.muster.agent.upness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the log of upness is kept.
///
/// @param host name of this agent's host
/// @param directory of the log
/// @param maxSizeBytes most bytes on disk, at least 4 MiB; beyond, the oldest segments go
/// @param retain how long segments are kept; positive
/// @param eventLog where what this agent sees is logged for checks; absent for nowhere
public record UpnessPlan(
        String host, Path directory, long maxSizeBytes, Duration retain, Optional<Path> eventLog) {
    static final long LEAST_BYTES = 4L << 20;

    public UpnessPlan {
        if (maxSizeBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "max size must be at least 4MB: foundBytes=" + maxSizeBytes);
        }
        if (!retain.isPositive()) {
            throw new IllegalArgumentException("retain must be positive: found=" + retain);
        }
    }
}
