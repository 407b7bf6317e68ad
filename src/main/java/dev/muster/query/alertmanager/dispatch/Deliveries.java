package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.Outcome;
import java.time.Duration;
import java.time.Instant;

/// Wants to hear of each delivery that was tried. Must not block. Thread-safe.
@FunctionalInterface
public interface Deliveries {
    /// Nobody.
    Deliveries NONE = (_, _, _, _, _) -> {};

    /// A delivery was tried.
    ///
    /// @param key who was to be told of what
    /// @param notification what it was to be told
    /// @param outcome how it went
    /// @param at when it began
    /// @param took how long
    void tried(
            NotificationKey key,
            Notification notification,
            Outcome outcome,
            Instant at,
            Duration took);
}
