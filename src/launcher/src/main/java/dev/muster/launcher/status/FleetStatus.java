package dev.muster.launcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;

/// The fleet in seven numbers, as the query node sees it.
///
/// @param agentsUp agents heard of just now
/// @param agents agents known
/// @param targetsUp targets whose last scrape succeeded
/// @param targets targets known
/// @param series active series of all agents
/// @param samplesPerSecond samples appended by all agents
/// @param blocks blocks in object storage
public record FleetStatus(
        int agentsUp,
        int agents,
        int targetsUp,
        int targets,
        long series,
        double samplesPerSecond,
        long blocks) {

    /// Reads the query node's answer; a number it leaves out is 0.
    public static FleetStatus from(JsonNode answer) {
        return new FleetStatus(
                answer.path("agentsUp").asInt(),
                answer.path("agents").asInt(),
                answer.path("targetsUp").asInt(),
                answer.path("targets").asInt(),
                answer.path("series").asLong(),
                answer.path("samplesPerSecond").asDouble(),
                answer.path("blocks").asLong());
    }

    /// One line for people, with how long the demo has been running.
    public String line(Duration running) {
        return line() + "  up " + shortly(running);
    }

    /// One line for people.
    public String line() {
        return String.format(
                Locale.ROOT,
                "agents %d/%d  targets %d/%d  series %,d  samples %,.0f/s  blocks %,d",
                agentsUp,
                agents,
                targetsUp,
                targets,
                series,
                samplesPerSecond,
                blocks);
    }

    static String shortly(Duration duration) {
        var seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? seconds / 60 + "m " + seconds % 60 + "s"
                : seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
}
