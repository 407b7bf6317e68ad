package dev.muster.blocks.upness;

import java.util.Comparator;
import java.util.List;

/// One change of a target, as one observer holds it.
///
/// @param target what changed
/// @param zone of the host; empty if not told
/// @param rack of the host; empty if not told
/// @param atMs when the new state began, Unix time of the agent that decided; earlier than it was
///   decided where a silence was concluded from
/// @param decidedMs when it was decided; not before `atMs`
/// @param untilMs when it ended, for what was concluded later of a span that is over; 0 where the
///   state holds until the next change
/// @param from the state before
/// @param to the state from then on
/// @param cause why, lower case, such as `host_down`; empty if it is simply up
/// @param reason why, for people, such as `connection refused`; may be empty
/// @param provenance who says so
/// @param version 0 at first; a correction of the same target and `atMs` has a greater one
/// @param witnesses hosts whose agents saw it
public record UpnessEntry(
        UpnessTarget target,
        String zone,
        String rack,
        long atMs,
        long decidedMs,
        long untilMs,
        UpnessState from,
        UpnessState to,
        String cause,
        String reason,
        UpnessProvenance provenance,
        long version,
        List<String> witnesses) {
    /// In the order of the history of each target.
    public static final Comparator<UpnessEntry> ORDER =
            Comparator.comparing(UpnessEntry::target)
                    .thenComparingLong(UpnessEntry::atMs)
                    .thenComparingLong(UpnessEntry::version)
                    .thenComparingLong(UpnessEntry::decidedMs)
                    .thenComparingInt(entry -> entry.to().code())
                    .thenComparingInt(entry -> entry.provenance().code());

    public UpnessEntry {
        witnesses = List.copyOf(witnesses);
        if (atMs < 0 || decidedMs < atMs || version < 0 || (untilMs != 0 && untilMs <= atMs)) {
            throw new IllegalArgumentException(
                    "upness entry host=%s: must begin before it is decided and end later: atMs=%d, decidedMs=%d, untilMs=%d, version=%d"
                            .formatted(target.host(), atMs, decidedMs, untilMs, version));
        }
    }

    /// How good this word is beside others on the same moment: the greater, the better. Nobody's
    /// knowledge is the least; that a target has left, only itself can have said.
    public int rank() {
        return switch (to) {
            case UNKNOWN -> -1;
            case LEFT -> UpnessProvenance.OWN.rank();
            case UP, DOWN, MAINT -> provenance.rank();
        };
    }

    /// Whether the other says the same of how the target is, and why, and by whom.
    public boolean saysAs(UpnessEntry other) {
        return to == other.to
                && provenance == other.provenance
                && cause.equals(other.cause)
                && zone.equals(other.zone)
                && rack.equals(other.rack);
    }

    /// The part of it in a span that it overlaps, for entries with an end.
    public UpnessEntry clipped(long startMs, long endMs) {
        long at = Math.max(atMs, startMs);
        return new UpnessEntry(
                target,
                zone,
                rack,
                at,
                Math.max(at, decidedMs),
                Math.min(untilMs, endMs),
                from,
                to,
                cause,
                reason,
                provenance,
                version,
                witnesses);
    }
}
