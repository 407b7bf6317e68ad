package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.receivers.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/// Meters of groups and deliveries, with the names of Alertmanager where it has them, so that its
/// dashboards and rules go on.
public final class DispatchMetrics {
    private static final String INTEGRATION = "integration";

    private final MeterRegistry registry;

    public DispatchMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Shows how many groups there are.
    public void groups(Supplier<Number> count) {
        Gauge.builder("alertmanager_dispatcher_aggregation_groups", count)
                .description("Number of active aggregation groups.")
                .strongReference(true)
                .register(registry);
    }

    void tried(String integration, Outcome outcome, Duration took) {
        counter("alertmanager_notification_requests", "Tries to tell a receiver.", integration)
                .increment();
        Timer.builder("alertmanager_notification_latency")
                .description("The latency of notifications in seconds.")
                .tag(INTEGRATION, integration)
                .register(registry)
                .record(took);
        if (!(outcome instanceof Outcome.Delivered)) {
            counter(
                            "alertmanager_notification_requests_failed",
                            "Tries to tell a receiver that failed.",
                            integration)
                    .increment();
        }
    }

    void begun(String integration) {
        counter("alertmanager_notifications", "Notifications that were due.", integration)
                .increment();
    }

    void failed(String integration, String reason) {
        Counter.builder("alertmanager_notifications_failed")
                .description("Notifications that were given up, until the group's next interval.")
                .tag(INTEGRATION, integration)
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void unsure(String integration) {
        counter(
                        "muster_alertmanager_maybe_duplicates",
                        "Notifications that another node may have sent, too.",
                        integration)
                .increment();
    }

    void suppressed(String reason, int alerts) {
        if (alerts > 0) {
            Counter.builder("alertmanager_notifications_suppressed")
                    .description("Alerts that nobody was told of.")
                    .tag("reason", reason)
                    .register(registry)
                    .increment(alerts);
        }
    }

    void overLimit() {
        Counter.builder("alertmanager_dispatcher_aggregation_group_limit_reached")
                .description("Alerts without a group, as there are too many groups.")
                .register(registry)
                .increment();
    }

    private Counter counter(String name, String description, String integration) {
        return Counter.builder(name)
                .description(description)
                .tag(INTEGRATION, integration)
                .register(registry);
    }
}
