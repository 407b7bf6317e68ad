package dev.muster.query.source;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// Meters of the requests to agents.
public final class AgentsSourceMetrics {
    private final Timer answered;
    private final Timer failed;
    private final Counter missing;
    private final Counter pruned;

    public AgentsSourceMetrics(MeterRegistry registry) {
        answered = timer(registry, "answered");
        failed = timer(registry, "failed");
        missing =
                Counter.builder("muster_query_agents_missing")
                        .description("Requests that had to do without an agent known to be away.")
                        .register(registry);
        pruned =
                Counter.builder("muster_query_agents_pruned")
                        .description("Requests that needed no agent because blocks cover them.")
                        .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("muster_query_agent_request_duration")
                .description("Time to read the whole answer of an agent.")
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered(long nanos) {
        answered.record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(long nanos) {
        failed.record(nanos, TimeUnit.NANOSECONDS);
    }

    void missing() {
        missing.increment();
    }

    void pruned() {
        pruned.increment();
    }
}
