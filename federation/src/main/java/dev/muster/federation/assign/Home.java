package dev.muster.federation.assign;

import dev.muster.federation.member.Names;

/// The cell that an agent was of last, and the epoch of the map by which it chose it. Kept on disk.
///
/// @param cell name of the cell
/// @param epoch of the map
public record Home(String cell, long epoch) {
    public Home {
        Names.refuseBadCell(cell);
        if (epoch < 0) {
            throw new IllegalArgumentException("home epoch must not be negative: found=" + epoch);
        }
    }
}
