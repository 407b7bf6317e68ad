package dev.muster.federation.assign;

import dev.muster.federation.member.Names;

/// The cell that was chosen for an agent, and why that one.
///
/// @param cell name of the cell
/// @param reason why
/// @param refused how many cells that the host ranks higher were full
public record Assignment(String cell, Reason reason, int refused) {
    /// Why an agent is of its cell.
    public enum Reason {
        /// The configuration names it.
        EXPLICIT,
        /// It was its cell before.
        STICKY,
        /// The first choice of the host's hash.
        HASHED,
        /// A later choice, since those before were full.
        SPILLED,
        /// The first choice, full as all others of the zone are: the zone needs more cells.
        NO_ROOM
    }

    public Assignment {
        Names.refuseBadCell(cell);
        if (refused < 0) {
            throw new IllegalArgumentException("refused must not be negative: found=" + refused);
        }
    }
}
