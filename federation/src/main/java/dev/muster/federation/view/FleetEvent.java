package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
import java.util.List;

/// Something in the fleet has changed, as this query node saw it.
///
/// @param id number of the event at this node, from 1
/// @param kind what has changed
/// @param atMs when this node saw it, Unix time
/// @param sinceMs when it began, Unix time of the agent that decided it
/// @param zone the zone; empty where none is told
/// @param cell the cell; empty for a group of a zone or a rack
/// @param host the host; empty where it is of more than one
/// @param job the service's job; empty unless it is of a service
/// @param instance the service's address; empty unless it is of a service
/// @param from label of the state before
/// @param to label of the state from then on
/// @param cause why; [Cause#NONE] if it is simply up
/// @param reason why, in words
/// @param provenance who says how the service is; [Provenance#NONE] unless it is of a service
/// @param witnesses hosts whose agents found it down; else agents by whose views this node knows it
/// @param group the event of kind [Kind#GROUP] that it belongs to; 0 if to none, its own if it is
///   one
/// @param count how many hosts or cells it is of
public record FleetEvent(
        long id,
        Kind kind,
        long atMs,
        long sinceMs,
        String zone,
        String cell,
        String host,
        String job,
        String instance,
        String from,
        String to,
        Cause cause,
        String reason,
        Provenance provenance,
        List<String> witnesses,
        long group,
        int count) {
    /// What has changed.
    public enum Kind {
        /// A host.
        HOST,
        /// A service.
        SERVICE,
        /// What is known of a cell.
        CELL,
        /// Much of a rack, a cell or a zone at once.
        GROUP,
        /// What is known of a zone.
        ZONE
    }

    public FleetEvent {
        witnesses = List.copyOf(witnesses);
    }

    FleetEvent inGroup(long other) {
        return new FleetEvent(
                id,
                kind,
                atMs,
                sinceMs,
                zone,
                cell,
                host,
                job,
                instance,
                from,
                to,
                cause,
                reason,
                provenance,
                witnesses,
                other,
                count);
    }
}
