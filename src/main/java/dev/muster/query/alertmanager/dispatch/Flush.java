package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.Route;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.receivers.Receiver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// One look at a group: what may be told of its alerts is told to each way of its receiver, beside
/// one another.
final class Flush {
    private final Group group;
    private final List<Alert> alerts;
    private final Instant at;
    private final Instant deadline;
    private final DispatchParts parts;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean told = new AtomicBoolean(true);

    Flush(Group group, List<Alert> alerts, Instant at, Instant deadline, DispatchParts parts) {
        this.group = group;
        this.alerts = alerts;
        this.at = at;
        this.deadline = deadline;
        this.parts = parts;
    }

    Group group() {
        return group;
    }

    Instant deadline() {
        return deadline;
    }

    Instant at() {
        return at;
    }

    void run() {
        List<NotifiedAlert> shown = shown();
        Route.Options options = group.route().options();
        List<Receiver> receivers = parts.config().receivers().receivers(options.receiver());
        if (shown.isEmpty() || receivers.isEmpty()) {
            group.flushed(true, alerts, at);
            return;
        }
        open.set(receivers.size());
        Map<String, Integer> counts = new HashMap<>();
        List<Sending> sendings = new ArrayList<>();
        for (Receiver receiver : receivers) {
            int index = counts.merge(receiver.integration(), 1, Integer::sum) - 1;
            NotificationKey key =
                    new NotificationKey(
                            group.key(), options.receiver(), receiver.integration(), index);
            sendings.add(new Sending(this, receiver, key, shown, parts));
        }
        // The first needs no thread of its own.
        sendings.subList(1, sendings.size()).forEach(each -> parts.timeline().fork(each::attempt));
        sendings.getFirst().attempt();
    }

    /// One way has been told, or given up.
    void ended(boolean well) {
        if (!well) {
            told.set(false);
        }
        if (open.decrementAndGet() == 0) {
            group.flushed(told.get(), alerts, at);
        }
    }

    /// What may be told: held back are alerts that others inhibit, all of them at mute times, and
    /// those that are silenced, in this order.
    private List<NotifiedAlert> shown() {
        List<Alert> left =
                alerts.stream()
                        .filter(alert -> parts.inhibitor().inhibiting(alert.labels(), at).isEmpty())
                        .toList();
        parts.metrics().suppressed("inhibition", alerts.size() - left.size());
        Route.Options options = group.route().options();
        AlertmanagerConfig config = parts.config();
        if (!options.activeTimes().isEmpty() && !config.holds(options.activeTimes(), at)) {
            parts.metrics().suppressed("active_time_interval", left.size());
            return List.of();
        }
        if (config.holds(options.muteTimes(), at)) {
            parts.metrics().suppressed("mute_time_interval", left.size());
            return List.of();
        }
        List<NotifiedAlert> shown =
                left.stream()
                        .filter(alert -> parts.silences().silencing(alert.labels(), at).isEmpty())
                        .map(this::notified)
                        .toList();
        parts.metrics().suppressed("silence", left.size() - shown.size());
        return shown;
    }

    /// An alert that fires now is told as firing, whatever time it takes.
    private NotifiedAlert notified(Alert alert) {
        return new NotifiedAlert(
                alert.labels(),
                alert.annotations(),
                alert.startsAt(),
                alert.resolvedAt(at) ? Optional.of(alert.endsAt()) : Optional.empty(),
                alert.generatorUrl(),
                alert.fingerprint());
    }
}
