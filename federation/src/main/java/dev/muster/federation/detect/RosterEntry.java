package dev.muster.federation.detect;

import dev.muster.federation.member.Names;
import java.util.Comparator;

/// One agent that belongs, or belonged, to the cell.
///
/// @param host name of its host
/// @param httpUrl where it answers; empty while unknown
/// @param incarnation its run
/// @param presence whether it is expected to be there
public record RosterEntry(String host, String httpUrl, long incarnation, Presence presence) {
    /// Whether an agent is expected. The order counts: a later one stands against an earlier one of
    /// the same run.
    public enum Presence {
        /// Expected, up or not.
        ACTIVE,
        /// Left on purpose.
        LEFT,
        /// Down for so long that nobody waits for it.
        FORGOTTEN
    }

    private static final Comparator<RosterEntry> ORDER =
            Comparator.comparingLong(RosterEntry::incarnation)
                    .thenComparing(RosterEntry::presence)
                    .thenComparing(RosterEntry::httpUrl);

    public RosterEntry {
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
        if (incarnation < 0) {
            throw new IllegalArgumentException("incarnation must not be negative: host=" + host);
        }
    }

    /// An agent that is expected.
    public static RosterEntry active(String host, String httpUrl, long incarnation) {
        return new RosterEntry(host, httpUrl, incarnation, Presence.ACTIVE);
    }

    /// The one of two entries of a host that holds: the newer run; in it the later presence. The
    /// same whatever the order of merging.
    public RosterEntry merge(RosterEntry other) {
        if (!host.equals(other.host)) {
            throw new IllegalArgumentException(
                    "entries must be of one host: " + host + ", " + other.host);
        }
        return ORDER.compare(this, other) >= 0 ? this : other;
    }

    boolean isActive() {
        return presence == Presence.ACTIVE;
    }

    RosterEntry as(Presence other) {
        return new RosterEntry(host, httpUrl, incarnation, other);
    }
}
