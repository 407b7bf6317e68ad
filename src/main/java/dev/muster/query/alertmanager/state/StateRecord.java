package dev.muster.query.alertmanager.state;

import dev.muster.blocks.alerts.AlertRow;
import java.util.Optional;

/// One thing that the alert manager has learned: what is written to disk and told to other nodes.
/// What is younger holds, so records may come in any order and more than once.
public sealed interface StateRecord {
    /// An alert, as it is kept.
    record OfAlert(Alert alert) implements StateRecord {}

    /// A silence.
    record OfSilence(Silence silence) implements StateRecord {}

    /// Who was told what.
    record OfNotification(NotificationKey key, NotificationEntry entry) implements StateRecord {}

    /// Who is about to be told.
    record OfIntent(NotificationKey key, Intent intent) implements StateRecord {}

    /// A rule file that came over the API, or that there is none of its name any more. Not of the
    /// alert manager, but it goes the same way from node to node.
    ///
    /// @param text empty if there is none any more
    /// @param changedMs since when, Unix time
    record OfRuleFile(String name, Optional<String> text, long changedMs) implements StateRecord {}

    /// A row of history that only the node knows that has seen it.
    record OfRow(AlertRow row) implements StateRecord {}
}
