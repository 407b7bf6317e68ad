package dev.muster.federation.detect;

import dev.muster.federation.member.Names;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.StateHash;
import java.util.Comparator;

/// One agent that belongs, or belonged, to the cell.
///
/// @param host name of its host
/// @param httpUrl where it answers; empty while unknown
/// @param beatAddress `ip:port` of the socket it takes beats on; empty if it has none, or while
///   unknown
/// @param place where its host stands
/// @param incarnation its run
/// @param presence whether it is expected to be there
public record RosterEntry(
        String host,
        String httpUrl,
        String beatAddress,
        Place place,
        long incarnation,
        Presence presence) {
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
                    .thenComparing(RosterEntry::httpUrl)
                    .thenComparing(RosterEntry::beatAddress)
                    .thenComparing(entry -> entry.place().zone())
                    .thenComparing(entry -> entry.place().rack());

    public RosterEntry {
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
        Names.refuseLongAddress(beatAddress);
        if (incarnation < 0) {
            throw new IllegalArgumentException("incarnation must not be negative: host=" + host);
        }
    }

    /// An agent that is expected, and takes no beats but those of the bus.
    public static RosterEntry active(String host, String httpUrl, long incarnation) {
        return new RosterEntry(host, httpUrl, "", Place.NONE, incarnation, Presence.ACTIVE);
    }

    /// The same agent, which takes beats at that address and stands in that place.
    public RosterEntry at(String address, Place where) {
        return new RosterEntry(host, httpUrl, address, where, incarnation, presence);
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
        return new RosterEntry(host, httpUrl, beatAddress, place, incarnation, other);
    }

    /// The same agent in a later run, of which only a beat was heard: its addresses may have
    /// changed, so that none stands here until its own entry comes.
    RosterEntry rerun(long newer) {
        return new RosterEntry(host, "", "", Place.NONE, newer, Presence.ACTIVE);
    }

    /// The same agent in a later run, as it says itself.
    RosterEntry reborn(long newer) {
        return new RosterEntry(host, httpUrl, beatAddress, place, newer, Presence.ACTIVE);
    }

    /// Of all that the entry says.
    int digest() {
        long hash = StateHash.mix(incarnation + presence.ordinal());
        hash = StateHash.mix(hash ^ StateHash.ofHost(httpUrl));
        hash = StateHash.mix(hash ^ StateHash.ofHost(beatAddress));
        hash = StateHash.mix(hash ^ StateHash.ofHost(place.zone()));
        return (int) StateHash.mix(hash ^ StateHash.ofHost(place.rack()));
    }
}
