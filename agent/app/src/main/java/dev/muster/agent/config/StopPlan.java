package dev.muster.agent.config;

import java.time.Duration;

/// What a stop of the agent means to its cell.
///
/// @param restarts it is expected back; otherwise it left for good
/// @param back when it is expected back at the latest
/// @param handOver how long others are given to look after its services
public record StopPlan(boolean restarts, Duration back, Duration handOver) {
    public StopPlan {
        if (back.compareTo(Duration.ofSeconds(1)) < 0 || back.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "restart-time must be 1 s to 1 h: found=" + back.toMillis() + "ms");
        }
        if (handOver.isNegative() || handOver.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "hand-over must be 0 s to 10 s: found=" + handOver.toMillis() + "ms");
        }
    }
}
