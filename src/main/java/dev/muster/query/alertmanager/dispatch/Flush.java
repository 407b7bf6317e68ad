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
import java.util.function.ObjIntConsumer;

/// One look at a group: what may be told of its alerts is told to each way of its receiver, beside
/// one another.
final class Flush {
    /*
     * What a receiver is told is what the group holds when it is told first, not what it held when it was looked at: while another
     * node is to tell, or this one does not know yet what was told, alerts come in that belong to the same notification.
     */
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
        List<NotifiedAlert> shown = shown(alerts, at, parts.metrics()::suppressed);
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

    /// What may be told of the group now.
    List<NotifiedAlert> shown(Instant now) {
        return shown(group.alerts(), now, (_, _) -> {});
    }

    /// What may be told: held back are alerts that others inhibit, all of them at mute times, and
    /// those that are silenced, in this order.
    private List<NotifiedAlert> shown(
            List<Alert> alerts, Instant at, ObjIntConsumer<String> suppressed) {
        List<Alert> left =
                alerts.stream()
                        .filter(alert -> parts.inhibitor().inhibiting(alert.labels(), at).isEmpty())
                        .toList();
        suppressed.accept("inhibition", alerts.size() - left.size());
        Route.Options options = group.route().options();
        AlertmanagerConfig config = parts.config();
        if (!options.activeTimes().isEmpty() && !config.holds(options.activeTimes(), at)) {
            suppressed.accept("active_time_interval", left.size());
            return List.of();
        }
        if (config.holds(options.muteTimes(), at)) {
            suppressed.accept("mute_time_interval", left.size());
            return List.of();
        }
        List<NotifiedAlert> shown =
                left.stream()
                        .filter(alert -> parts.silences().silencing(alert.labels(), at).isEmpty())
                        .map(alert -> notified(alert, at))
                        .toList();
        suppressed.accept("silence", left.size() - shown.size());
        return shown;
    }

    /// An alert that fires now is told as firing, whatever time it takes.
    private static NotifiedAlert notified(Alert alert, Instant at) {
        return new NotifiedAlert(
                alert.labels(),
                alert.annotations(),
                alert.startsAt(),
                alert.resolvedAt(at) ? Optional.of(alert.endsAt()) : Optional.empty(),
                alert.generatorUrl(),
                alert.fingerprint());
    }
}
