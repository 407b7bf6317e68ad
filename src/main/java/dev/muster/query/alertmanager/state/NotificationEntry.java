package dev.muster.query.alertmanager.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// What a receiver was last told of a group.
///
/// @param at when
/// @param expiresAt until when it is of use
/// @param firing fingerprints of those that fired
/// @param resolved fingerprints of those that had ended
public record NotificationEntry(
        Instant at, Instant expiresAt, Set<Long> firing, Set<Long> resolved) {
    public NotificationEntry {
        firing = Set.copyOf(firing);
        resolved = Set.copyOf(resolved);
    }

    /// Must the receiver be told of this, having been told of that?
    ///
    /// @param nowFiring fingerprints of those that fire now
    /// @param nowResolved fingerprints of those that have ended
    /// @param sendResolved whether it wants to hear of those that have ended
    /// @param repeat after which it is told again what is as before
    public boolean needsUpdate(
            Set<Long> nowFiring,
            Set<Long> nowResolved,
            boolean sendResolved,
            Duration repeat,
            Instant now) {
        if (!firing.containsAll(nowFiring)) {
            return true;
        }
        if (nowFiring.isEmpty()) {
            // Also where the receiver does not want to hear of ended ones: the log must be cleared.
            return !firing.isEmpty();
        }
        if (sendResolved && !resolved.containsAll(nowResolved)) {
            return true;
        }
        return at.isBefore(now.minus(repeat));
    }
}
