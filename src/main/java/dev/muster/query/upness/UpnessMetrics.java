package dev.muster.query.upness;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of what this node writes to the table `upness`.
public final class UpnessMetrics {
    private UpnessMetrics() {}

    /// Registers them.
    public static void register(MeterRegistry registry, OutsideLog log) {
        FunctionCounter.builder("muster_query_upness_watch_spans", log, OutsideLog::spans)
                .description(
                        "Spans of hosts and services that other cells found dead, kept for the"
                                + " table upness.")
                .register(registry);
        FunctionCounter.builder("muster_query_upness_watch_failures", log, OutsideLog::failures)
                .description("Writes of such spans that failed, and were tried again.")
                .register(registry);
        FunctionCounter.builder("muster_query_upness_watch_dropped", log, OutsideLog::dropped)
                .description("Lots of such spans dropped because too many waited.")
                .register(registry);
    }
}
