package dev.muster.query.alertmanager.state;

/// One thing that the alert manager has learned: what is written to disk and told to other nodes.
/// What is younger holds, so records may come in any order and more than once.
public sealed interface StateRecord {
    /// An alert, as it is kept.
    record OfAlert(Alert alert) implements StateRecord {}

    /// A silence.
    record OfSilence(Silence silence) implements StateRecord {}

    /// Who was told what.
    record OfNotification(NotificationKey key, NotificationEntry entry) implements StateRecord {}
}
