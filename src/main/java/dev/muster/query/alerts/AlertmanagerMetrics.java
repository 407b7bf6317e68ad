package dev.muster.query.alerts;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// Meters of what Alertmanagers are told, with Prometheus' names of `prometheus_notifications_*`.
public final class AlertmanagerMetrics {
    private final MeterRegistry registry;

    public AlertmanagerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void register(Lane lane) {
        String name = lane.name();
        var _ = sent(name);
        var _ = errors(name);
        var _ = dropped(name);
        Gauge.builder("muster_notifications_queue_length", lane, Lane::waiting)
                .description("Alerts that wait.")
                .tag("alertmanager", name)
                .register(registry);
        Gauge.builder("muster_notifications_queue_capacity", lane, Lane::capacity)
                .description("Most alerts that may wait.")
                .tag("alertmanager", name)
                .register(registry);
    }

    void sent(String name, int count, long nanos) {
        sent(name).increment(count);
        Timer.builder("muster_notifications_latency")
                .description("Time until an Alertmanager has answered.")
                .tag("alertmanager", name)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(String name, int count) {
        errors(name).increment(count);
    }

    void dropped(String name, int count) {
        dropped(name).increment(count);
    }

    private Counter sent(String name) {
        return counter("muster_notifications_sent", "Alerts sent.", name);
    }

    private Counter errors(String name) {
        return counter("muster_notifications_errors", "Alerts that were not taken, tries.", name);
    }

    private Counter dropped(String name) {
        return counter("muster_notifications_dropped", "Alerts that were let go.", name);
    }

    private Counter counter(String meter, String description, String name) {
        return Counter.builder(meter)
                .description(description)
                .tag("alertmanager", name)
                .register(registry);
    }
}
