package dev.muster.query.alertmanager.api;

import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.Silence;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Meters of what comes in and is kept, with the names of Alertmanager where it has them.
public final class ApiMetrics {
    private static final String VERSION = "version";

    private final MeterRegistry registry;

    public ApiMetrics(MeterRegistry registry, AlertHub hub) {
        this.registry = registry;
        for (String state : new String[] {"active", "suppressed"}) {
            Gauge.builder("alertmanager_alerts", hub, known -> alerts(known, state))
                    .description("How many alerts by state.")
                    .tag("state", state)
                    .register(registry);
        }
        for (Silence.State state : Silence.State.values()) {
            Gauge.builder(
                            "alertmanager_silences",
                            hub,
                            known -> known.silences().count(state, known.now()))
                    .description("How many silences by state.")
                    .tag("state", state.text())
                    .register(registry);
        }
        Gauge.builder("muster_alertmanager_notification_log_entries", hub, h -> h.log().size())
                .description("Of how many groups it is known who was told what.")
                .register(registry);
        io.micrometer.core.instrument.FunctionCounter.builder(
                        "muster_alertmanager_alerts_refused", hub, h -> h.alerts().refused())
                .description("Alerts that were refused because there are too many.")
                .register(registry);
    }

    private static double alerts(AlertHub hub, @Nullable String state) {
        Instant now = hub.now();
        boolean suppressed = "suppressed".equals(state);
        int count = 0;
        for (Alert alert : hub.alerts().all()) {
            if (!alert.resolvedAt(now)) {
                boolean held =
                        !hub.silences().silencing(alert.labels(), now).isEmpty()
                                || hub.inhibiting(alert.labels()).isPresent();
                count += held == suppressed ? 1 : 0;
            }
        }
        return count;
    }

    void received(boolean resolved) {
        Counter.builder("alertmanager_alerts_received")
                .description("The total number of received alerts.")
                .tag("status", resolved ? "resolved" : "firing")
                .tag(VERSION, "v2")
                .register(registry)
                .increment();
    }

    void invalid() {
        Counter.builder("alertmanager_alerts_invalid")
                .description("The total number of received alerts that were invalid.")
                .tag(VERSION, "v2")
                .register(registry)
                .increment();
    }

    void refused(String reason) {
        Counter.builder("muster_alertmanager_calls_refused")
                .description("Calls of the alert manager's API that were refused.")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
