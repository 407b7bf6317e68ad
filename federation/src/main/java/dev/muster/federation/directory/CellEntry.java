package dev.muster.federation.directory;

import dev.muster.federation.member.Names;
import java.util.List;

/// What the directory says of one cell.
///
/// @param cell its name
/// @param zone where it is; empty where not told
/// @param mapEpoch of the newest map of cells that its writer has; 0 for none
/// @param contacts up to three of its agents, the first ranked first
/// @param rosterHash of the hosts expected in it
/// @param up agents that are up
/// @param down agents that are down
/// @param expected all agents expected, those of whom nothing is known among them
/// @param cellHash of the state of the whole cell; 0 where not told
/// @param version which saying this is
public record CellEntry(
        String cell,
        String zone,
        long mapEpoch,
        List<Contact> contacts,
        int rosterHash,
        int up,
        int down,
        int expected,
        long cellHash,
        Version version)
        implements DirectoryItem {
    /// Most contacts of a cell.
    public static final int CONTACT_LIMIT = 3;

    private static final int ZONE_LIMIT = 64;

    public CellEntry {
        Names.refuseBadCell(cell);
        contacts = List.copyOf(contacts);
        if (contacts.size() > CONTACT_LIMIT || zone.length() > ZONE_LIMIT) {
            throw new IllegalArgumentException(
                    "entry cell="
                            + cell
                            + ": at most "
                            + CONTACT_LIMIT
                            + " contacts and a zone of at most "
                            + ZONE_LIMIT
                            + " characters: contacts="
                            + contacts.size()
                            + ", zone="
                            + zone);
        }
        if (up < 0 || down < 0 || mapEpoch < 0 || up + down > expected || expected > 1024) {
            throw new IllegalArgumentException(
                    "entry cell="
                            + cell
                            + ": counts must not be negative, nor more than expected: up="
                            + up
                            + ", down="
                            + down
                            + ", expected="
                            + expected);
        }
    }

    @Override
    public String key() {
        return cell;
    }

    /// Whether so many of its agents are up that it can judge its own members: two thirds.
    public boolean hasQuorum() {
        return expected > 0 && 3 * up >= 2 * expected;
    }

    /// Whether it says the same, whoever says it and when.
    public boolean sameAs(CellEntry other) {
        return withVersion(other.version).equals(other);
    }

    /// The same said anew.
    public CellEntry withVersion(Version other) {
        return new CellEntry(
                cell, zone, mapEpoch, contacts, rosterHash, up, down, expected, cellHash, other);
    }
}
