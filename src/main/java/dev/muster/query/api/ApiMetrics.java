package dev.muster.query.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Meters of the API.
final class ApiMetrics {
    private final MeterRegistry registry;

    ApiMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// A call has ended.
    ///
    /// @param call name of the call, such as `query_range`
    /// @param outcome `success`, or the type of the error
    void ended(String call, String outcome, long nanos) {
        Timer.builder("muster_query_call_duration")
                .description("Time of a call from its arrival to the end of its answer.")
                .tag("call", call)
                .tag("outcome", outcome)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A call was refused or stopped by a limit.
    void limited(String limit) {
        registry.counter("muster_query_limited", "limit", limit).increment();
    }

    /// A call was cut because its client left.
    void abandoned() {
        registry.counter("muster_query_abandoned").increment();
    }

    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }
}
