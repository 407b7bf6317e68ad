package dev.muster.query.source;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// Meters of parts of queries that are given to agents.
final class PartsMetrics {
    private final MeterRegistry registry;
    private final Counter fallbacksWaited;

    PartsMetrics(MeterRegistry registry) {
        this.registry = registry;
        fallbacksWaited =
                Counter.builder("muster_query_part_fallbacks_waited")
                        .description(
                                "Parts evaluated here that waited because as many went on as may.")
                        .register(registry);
        answered("answered", 0);
        planned("delegated", 0);
    }

    /// @param outcome `delegated`, or why not: one of a fixed set
    void planned(String outcome) {
        planned(outcome, 1);
    }

    private void planned(String outcome, int count) {
        Counter.builder("muster_query_part_plans")
                .description("Expressions that agents could answer parts of, and what hindered it.")
                .tag("outcome", outcome)
                .register(registry)
                .increment(count);
    }

    /// @param outcome one of a fixed set
    void asked(String outcome, long nanos) {
        asked(outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    /// Answers that came whole.
    Timer answers() {
        return asked("answered");
    }

    private Timer asked(String outcome) {
        return Timer.builder("muster_query_part_request_duration")
                .description("Time to read the answer of an agent to a part of a query.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void answered(String outcome, int count) {
        Counter.builder("muster_query_part_answers")
                .description("Parts of queries by what became of them.")
                .tag("outcome", outcome)
                .register(registry)
                .increment(count);
    }

    /// @param outcome one of a fixed set
    void answered(String outcome) {
        answered(outcome, 1);
    }

    void fallbackWaited() {
        fallbacksWaited.increment();
    }
}
