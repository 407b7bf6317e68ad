package dev.muster.query.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// How the fleet is followed.
///
/// @param seeds agents to start from; others are learned from their views
/// @param node name of this query node: decides which agents of a cell it follows
/// @param perCell agents followed in each cell
/// @param silence a stream without a frame for this long is given up
/// @param backOffMin pause after the first failure of an agent; doubled with each further one
/// @param backOffMax longest pause
public record FollowerConfig(
        List<URI> seeds,
        String node,
        int perCell,
        Duration silence,
        Duration backOffMin,
        Duration backOffMax) {
    public FollowerConfig {
        seeds = List.copyOf(seeds);
        if (perCell < 1) {
            throw new IllegalArgumentException(
                    "follower: agents per cell must be at least 1: perCell=" + perCell);
        }
        if (backOffMin.isNegative()
                || backOffMin.isZero()
                || backOffMax.compareTo(backOffMin) < 0) {
            throw new IllegalArgumentException(
                    "follower: back-off must be positive and ascending: min="
                            + backOffMin
                            + ", max="
                            + backOffMax);
        }
    }

    /// Two agents a cell, given up after 3 s of silence, tried again after 250 ms to 5 s.
    public static FollowerConfig of(List<URI> seeds, String node) {
        return new FollowerConfig(
                seeds,
                node,
                2,
                Duration.ofSeconds(3),
                Duration.ofMillis(250),
                Duration.ofSeconds(5));
    }
}
