package dev.muster.federation.follow;

import java.time.Duration;
import java.util.List;

/// How the fleet is followed.
///
/// @param seeds URLs of agents to start from; others are learned from their cells
/// @param node name of this query node: decides which agents of a cell it follows
/// @param perCell agents followed in each cell
/// @param silence a stream without a frame for this long is given up; agents send one each second
/// @param repairAfter a copy that differs from its agent's for this long is repaired
/// @param backOffMin pause after the first failure of an agent; doubled with each further one
/// @param backOffMax longest pause
/// @param maxOpening streams that may be opening at one time
/// @param wantsHints whether hints are asked for
public record FollowerConfig(
        List<String> seeds,
        String node,
        int perCell,
        Duration silence,
        Duration repairAfter,
        Duration backOffMin,
        Duration backOffMax,
        int maxOpening,
        boolean wantsHints) {
    public FollowerConfig {
        seeds = List.copyOf(seeds);
        if (perCell < 1 || maxOpening < 1) {
            throw new IllegalArgumentException(
                    "follower: numbers must be at least 1: perCell="
                            + perCell
                            + ", maxOpening="
                            + maxOpening);
        }
        if (!silence.isPositive()
                || !repairAfter.isPositive()
                || !backOffMin.isPositive()
                || backOffMax.compareTo(backOffMin) < 0) {
            throw new IllegalArgumentException(
                    "follower: times must be positive and back-off ascending: silence="
                            + silence
                            + ", repairAfter="
                            + repairAfter
                            + ", backOffMin="
                            + backOffMin
                            + ", backOffMax="
                            + backOffMax);
        }
    }

    /// Two agents a cell, given up after 1.5 s of silence, repaired after 2 s, tried again after
    /// 250 ms to 5 s, 64 at one time, with hints.
    public static FollowerConfig of(List<String> seeds, String node) {
        return new FollowerConfig(
                seeds,
                node,
                2,
                Duration.ofMillis(1_500),
                Duration.ofSeconds(2),
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                64,
                true);
    }
}
