package dev.muster.federation.view;

import java.util.List;

/// The fleet at one moment: every cell, merged. Immutable.
///
/// @param cells all cells heard of, sorted by name
/// @param coverage share of all members, 0 to 1, whose state stands on a fresh view; 1 for an empty
///   fleet
public record FleetState(List<CellState> cells, double coverage) {
    public FleetState {
        cells = List.copyOf(cells);
    }
}
