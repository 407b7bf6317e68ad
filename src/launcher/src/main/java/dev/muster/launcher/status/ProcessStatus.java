package dev.muster.launcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// How one process of the demo is.
///
/// @param name what it is called
/// @param pid its process id, if it runs
/// @param ready whether it does its work
/// @param url where it answers
/// @param report what it says of itself, if it says anything
public record ProcessStatus(
        String name, OptionalLong pid, boolean ready, URI url, Optional<JsonNode> report) {

    /// In words: `ready`, `not ready` or `not running`.
    public String state() {
        if (pid.isEmpty()) {
            return "not running";
        }
        return ready ? "ready" : "not ready";
    }

    private String detail() {
        return report.filter(node -> node.has("samplesAppended"))
                .map(ProcessStatus::agentDetail)
                .orElse("");
    }

    private static String agentDetail(JsonNode node) {
        var error = node.path("uploadError").asText("");
        return String.format(
                        Locale.ROOT,
                        "targets %d/%d, %,d series, %,.0f samples/s, %d blocks shipped, %d pending",
                        node.path("targetsUp").asInt(),
                        node.path("targets").asInt(),
                        node.path("series").asLong(),
                        node.path("samplesPerSecond").asDouble(),
                        node.path("blocksShipped").asLong(),
                        node.path("blocksPending").asLong())
                + (error.isEmpty() || "null".equals(error) ? "" : ", upload fails: " + error);
    }

    /// A table of several, with a header.
    public static String table(List<ProcessStatus> all) {
        var text = new StringBuilder(row("process", "pid", "state", "address", ""));
        for (var one : all) {
            var pid = one.pid().isPresent() ? Long.toString(one.pid().getAsLong()) : "-";
            text.append(row(one.name(), pid, one.state(), one.url().toString(), one.detail()));
        }
        return text.toString();
    }

    private static String row(String name, String pid, String state, String url, String detail) {
        return String.format("%-8s %-8s %-12s %-24s %s", name, pid, state, url, detail)
                        .stripTrailing()
                + "\n";
    }
}
