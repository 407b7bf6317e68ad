package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a node says before it tells a receiver, so that whoever goes on when it dies knows that the
/// receiver may have been told.
///
/// @param at when
/// @param node its name
/// @param run tells its runs apart
/// @param open false where it knows that the receiver was not told after all
/// @param firing fingerprints of those that it tells of and that fire
public record Intent(Instant at, String node, long run, boolean open, Set<Long> firing) {
    public Intent {
        firing = Set.copyOf(firing);
    }

    /// Whether nothing is known of its outcome: the receiver is being told now, or who told it has
    /// died.
    boolean isUnderWay(Optional<NotificationEntry> noted) {
        return open && (noted.isEmpty() || noted.get().at().isBefore(at));
    }

    /// Whether it is known that the receiver was told of all this.
    boolean isNotedBy(NotificationEntry noted) {
        return !noted.at().isBefore(at) && noted.toldOf(firing);
    }
}
