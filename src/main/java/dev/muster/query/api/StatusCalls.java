package dev.muster.query.api;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.TreeMap;

/// What a Prometheus says of itself, as far as it has a meaning here: `status/*`, `rules`,
/// `alerts`, `alertmanagers`.
final class StatusCalls {
    /// Version of Prometheus' API that is answered: clients choose their calls by it.
    private static final String API_VERSION = "3.7.0";

    private final NodeInfo node;
    private final ApiLimits limits;
    private final InstantSource clock;

    StatusCalls(NodeInfo node, ApiLimits limits, InstantSource clock) {
        this.node = node;
        this.limits = limits;
        this.clock = clock;
    }

    Answer buildInfo(Call call) {
        return Answer.of(json -> {
            json.beginObject();
            json.name("version").value(API_VERSION + "+muster." + node.version());
            json.name("revision").value(node.revision());
            json.name("branch").value("muster");
            json.name("buildUser").value("");
            json.name("buildDate").value("");
            json.name("goVersion").value("java" + Runtime.version().feature());
            json.endObject();
        });
    }

    Answer runtimeInfo(Call call) {
        return Answer.of(json -> {
            json.beginObject();
            json.name("startTime").value(text(node.startedMs()));
            json.name("CWD").value(System.getProperty("user.dir", ""));
            json.name("hostname").value(node.settings().getOrDefault("host", ""));
            json.name("serverTime").value(text(clock.millis()));
            json.name("reloadConfigSuccess").value(true);
            json.name("lastConfigTime").value(text(node.startedMs()));
            json.name("corruptionCount").value(0);
            json.name("goroutineCount").value(ManagementFactory.getThreadMXBean().getThreadCount());
            json.name("GOMAXPROCS").value(Runtime.getRuntime().availableProcessors());
            json.name("GOMEMLIMIT").value(Runtime.getRuntime().maxMemory());
            json.name("GOGC").value("");
            json.name("GODEBUG").value("");
            json.name("storageRetention").value("");
            json.endObject();
        });
    }

    Answer flags(Call call) {
        return Answer.of(json -> {
            json.beginObject();
            TreeMap<String, String> flags = new TreeMap<>(node.settings());
            flags.put("query.max-concurrency", Integer.toString(limits.maxConcurrent()));
            flags.put("query.max-samples", Long.toString(limits.maxSamples()));
            flags.put("query.timeout", limits.timeout().toSeconds() + "s");
            flags.put("web.cors.origin", limits.corsOrigin());
            for (var flag : flags.entrySet()) {
                json.name(flag.getKey()).value(flag.getValue());
            }
            json.endObject();
        });
    }

    Answer config(Call call) {
        return Answer.of(json ->
                json.beginObject().name("yaml").value(String.join("", node.yaml())).endObject());
    }

    private static String text(long timeMs) {
        return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(timeMs));
    }
}
