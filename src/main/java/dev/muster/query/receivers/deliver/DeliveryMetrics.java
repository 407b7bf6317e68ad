package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.settings.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Meters of receivers beside those of notifications: why tries fail, and how many wait.
/// Thread-safe.
public final class DeliveryMetrics {
    private static final String INTEGRATION = "integration";

    private final MeterRegistry registry;
    private final Map<Kind, AtomicInteger> waiting = new ConcurrentHashMap<>();

    public DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Makes those of a kind appear before anything happens.
    ///
    /// @return how many notifications wait for receivers of that kind
    AtomicInteger register(Kind kind) {
        for (FailureReason reason : FailureReason.values()) {
            var _ = failed(kind, reason);
        }
        return waiting.computeIfAbsent(kind, this::gauge);
    }

    private AtomicInteger gauge(Kind kind) {
        AtomicInteger count = new AtomicInteger();
        Gauge.builder("muster_receiver_waiting", count, AtomicInteger::get)
                .description("Notifications that wait for others to the same receiver.")
                .tag(INTEGRATION, kind.label())
                .register(registry);
        return count;
    }

    void failedTry(Kind kind, FailureReason reason) {
        failed(kind, reason).increment();
    }

    private Counter failed(Kind kind, FailureReason reason) {
        return Counter.builder("muster_receiver_failures")
                .description("Tries to tell a receiver that failed, by what was wrong.")
                .tag(INTEGRATION, kind.label())
                .tag("reason", reason.label())
                .register(registry);
    }
}
