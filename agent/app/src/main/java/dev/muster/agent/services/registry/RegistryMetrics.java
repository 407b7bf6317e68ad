package dev.muster.agent.services.registry;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Meters of self-registration. Thread-safe.
public final class RegistryMetrics {
    final LongAdder registrations = new LongAdder();
    final LongAdder deregistrations = new LongAdder();
    final LongAdder expirations = new LongAdder();
    final LongAdder heartbeats = new LongAdder();
    final LongAdder missedHeartbeats = new LongAdder();
    final LongAdder checks = new LongAdder();
    final LongAdder saveFailures = new LongAdder();
    final LongAdder refused = new LongAdder();

    RegistryMetrics() {}

    /// Counts a registration that was refused before it came to the registry.
    public void countRefused() {
        refused.increment();
    }

    /// @param services those registered now
    public void write(ExpositionWriter out, List<RegisteredService> services) {
        Map<Health, Integer> counts = new EnumMap<>(Health.class);
        services.forEach(service -> counts.merge(service.health(), 1, Integer::sum));
        String name = "muster_services";
        out.family(name, MetricType.GAUGE, "Registered services by health.");
        for (Health health : Health.values()) {
            out.sample(name, "health", health.text(), counts.getOrDefault(health, 0));
        }
        counter(
                out,
                "registrations",
                "Registrations taken, repeated ones among them.",
                registrations);
        counter(out, "deregistrations", "Services that deregistered.", deregistrations);
        counter(
                out,
                "expirations",
                "Services forgotten because they were critical for long.",
                expirations);
        counter(out, "heartbeats", "Heartbeats taken.", heartbeats);
        counter(out, "missed_heartbeats", "Services that missed a heartbeat.", missedHeartbeats);
        counter(out, "checks", "Checks made.", checks);
        counter(
                out,
                "save_failures",
                "Times that registrations could not be written.",
                saveFailures);
        counter(out, "refused", "Requests to register that were refused.", refused);
    }

    private static void counter(ExpositionWriter out, String what, String help, LongAdder value) {
        String name = "muster_service_" + what + "_total";
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
