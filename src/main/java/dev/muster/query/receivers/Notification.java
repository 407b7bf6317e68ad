package dev.muster.query.receivers;

import dev.muster.model.labels.Labels;
import java.net.URI;
import java.util.List;

/// What a receiver is told of a group of alerts, at one time.
///
/// @param groupKey names the group for good: its route and its labels
/// @param groupLabels what its alerts have in common by configuration
/// @param receiver name of the receiver in the configuration file
/// @param alerts in the order in which they are shown; those that have ended only if the receiver
///   wants to hear of them; at least one
/// @param externalUrl where people reach the alert manager
/// @param maybeDuplicate whether another node may have told the same: it was the sender of this
///   group and is not heard, so that nobody knows what it has sent
public record Notification(
        String groupKey,
        Labels groupLabels,
        String receiver,
        List<NotifiedAlert> alerts,
        URI externalUrl,
        boolean maybeDuplicate) {
    public Notification {
        alerts = List.copyOf(alerts);
        if (alerts.isEmpty()) {
            throw new IllegalArgumentException(
                    "notification must have an alert: groupKey=" + groupKey);
        }
    }

    /// Those that fire.
    public List<NotifiedAlert> firing() {
        return alerts.stream().filter(alert -> !alert.resolved()).toList();
    }

    /// Those that have ended.
    public List<NotifiedAlert> resolved() {
        return alerts.stream().filter(NotifiedAlert::resolved).toList();
    }

    /// `firing` if any alert is, else `resolved`.
    public String status() {
        return alerts.stream().allMatch(NotifiedAlert::resolved) ? "resolved" : "firing";
    }
}
