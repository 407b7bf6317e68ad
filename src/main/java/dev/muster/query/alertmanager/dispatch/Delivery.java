package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.receivers.Notification;
import java.time.Instant;
import java.util.Optional;

/// A notification that was delivered, or given up.
///
/// @param key who was to be told of what
/// @param notification what it was told, or was to be told
/// @param result how it went
/// @param node that told it, where it is not this one
/// @param attempts how often it was tried
/// @param lookedAt when its group was looked at
/// @param at when the last answer came
/// @param reason why it failed; may be empty
public record Delivery(
        NotificationKey key,
        Notification notification,
        Result result,
        Optional<String> node,
        int attempts,
        Instant lookedAt,
        Instant at,
        String reason) {
    /// How it went.
    public enum Result {
        /// The receiver has taken it.
        DELIVERED,
        /// It was tried until the next look at its group.
        FAILED,
        /// The receiver refused it for good.
        REJECTED,
        /// A node was about to send it and was not heard of again.
        UNKNOWN
    }
}
