package dev.muster.query.fleet;

import dev.muster.federation.follow.FleetHints;
import dev.muster.federation.follow.Follower;
import dev.muster.federation.follow.FollowerStats;
import dev.muster.federation.view.FleetLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Meters of the streams of upness.
public final class FollowerMetrics {
    private FollowerMetrics() {}

    /// Registers all of them.
    public static void register(MeterRegistry registry, Follower follower, FleetLog log) {
        FollowerStats stats = follower.stats();
        counters(registry, stats);
        Gauge.builder("muster_query_fleet_streams", follower, f -> f.followed().size())
                .description("Agents that are followed.")
                .register(registry);
        Gauge.builder("muster_query_fleet_streams_connected", follower, FollowerMetrics::connected)
                .description("Agents that are followed and give frames.")
                .register(registry);
        Gauge.builder("muster_query_fleet_events", log, FleetLog::size)
                .description("Changes of the fleet that are kept.")
                .register(registry);
        FunctionCounter.builder("muster_query_fleet_events_dropped", log, FleetLog::dropped)
                .description("Changes of the fleet that were dropped to make room.")
                .register(registry);
        FleetHints hints = follower.hints();
        Gauge.builder("muster_query_fleet_hints", hints, FleetHints::count)
                .description("Agents of which is known what metrics they hold.")
                .register(registry);
        Gauge.builder("muster_query_fleet_hint_bytes", hints, FleetHints::sizeBytes)
                .description("Bytes of hints, where equal ones count once.")
                .register(registry);
        FunctionCounter.builder("muster_query_fleet_hints_refused", hints, FleetHints::refused)
                .description("Hints that were not kept because there were too many bytes.")
                .register(registry);
    }

    private static double connected(Follower follower) {
        return follower.followed().stream().filter(stream -> stream.connected()).count();
    }

    private static void counters(MeterRegistry registry, FollowerStats stats) {
        counter(registry, stats, "frames", "Frames received from agents.", FollowerStats::frames);
        counter(registry, stats, "bytes", "Bytes of frames received.", FollowerStats::bytes);
        counter(registry, stats, "deltas", "Frames that told of a change.", FollowerStats::deltas);
        counter(registry, stats, "streams_opened", "Streams asked for.", FollowerStats::opened);
        counter(
                registry,
                stats,
                "streams_broken",
                "Streams that broke or could not be opened.",
                FollowerStats::broken);
        counter(
                registry,
                stats,
                "streams_silent",
                "Streams given up because nothing came in time.",
                FollowerStats::silent);
        counter(
                registry,
                stats,
                "streams_unread",
                "Looks at streams that were not given up because this node had not read them.",
                FollowerStats::unread);
        counter(
                registry,
                stats,
                "streams_waited",
                "Streams that waited because as many were opening as may.",
                FollowerStats::waited);
        counter(
                registry,
                stats,
                "frames_refused",
                "Frames that were damaged or could not be of their stream.",
                FollowerStats::refusedFrames);
        counter(
                registry,
                stats,
                "views_refused",
                "Views ignored because a newer one was known.",
                FollowerStats::refusedViews);
        counter(
                registry,
                stats,
                "mismatches",
                "Copies found to differ from what their agent has.",
                FollowerStats::mismatches);
        counter(
                registry,
                stats,
                "repairs",
                "Differences asked for to repair a copy.",
                FollowerStats::repairs);
    }

    private static void counter(
            MeterRegistry registry,
            FollowerStats stats,
            String name,
            String description,
            ToDoubleFunction<FollowerStats> value) {
        FunctionCounter.builder("muster_query_fleet_" + name, stats, value)
                .description(description)
                .register(registry);
    }
}
