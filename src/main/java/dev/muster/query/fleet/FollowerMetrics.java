package dev.muster.query.fleet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of the streams of upness.
public final class FollowerMetrics {
    private final Counter frames;
    private final Counter broken;
    private final Counter silent;
    private final Counter refused;

    public FollowerMetrics(MeterRegistry registry) {
        frames = counter(registry, "muster_query_fleet_frames", "Views received from agents.");
        broken =
                counter(
                        registry,
                        "muster_query_fleet_streams_broken",
                        "Streams of views that broke or could not be opened.");
        silent =
                counter(
                        registry,
                        "muster_query_fleet_streams_silent",
                        "Streams given up because no view came in time.");
        refused =
                counter(
                        registry,
                        "muster_query_fleet_views_refused",
                        "Views ignored because a newer one was known.");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void frame() {
        frames.increment();
    }

    void broken() {
        broken.increment();
    }

    void silent() {
        silent.increment();
    }

    void refused() {
        refused.increment();
    }
}
