package dev.muster.federation.assign;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// All cells of the fleet by zone. It only changes by a new one of a greater epoch: two maps of one
/// epoch are taken for the same.
///
/// @param epoch number of this version of the map, from 1
/// @param zones the cells of each zone, at least one
public record CellMap(long epoch, SortedMap<String, List<CellSpec>> zones) {
    /// Most agents of a cell: a row of reachability fits one `long`.
    public static final int AGENT_LIMIT = 64;

    /// Agents that a cell should have on average: with this, a hash puts more than [#AGENT_LIMIT]
    /// into one cell of five hundred.
    public static final int AGENT_TARGET = 44;

    /// Most cells of all zones.
    public static final int CELL_LIMIT = 4096;

    public CellMap {
        if (epoch < 1) {
            throw new IllegalArgumentException("cell map epoch must be at least 1: found=" + epoch);
        }
        Set<String> names = new HashSet<>();
        var copy = new TreeMap<String, List<CellSpec>>();
        zones.forEach((zone, cells) -> {
            if (zone.isEmpty() || cells.isEmpty()) {
                throw new IllegalArgumentException(
                        "cell map: a zone must have a name and a cell: zone=" + zone);
            }
            for (CellSpec cell : cells) {
                if (!names.add(cell.name())) {
                    throw new IllegalArgumentException(
                            "cell map: a cell must not stand twice: cell=" + cell.name());
                }
            }
            copy.put(zone, List.copyOf(cells));
        });
        if (names.isEmpty() || names.size() > CELL_LIMIT) {
            throw new IllegalArgumentException(
                    "cell map must have 1 to " + CELL_LIMIT + " cells: found=" + names.size());
        }
        zones = Collections.unmodifiableSortedMap(copy);
    }

    /// The cells of a zone; none if the map does not know it.
    public List<CellSpec> cells(String zone) {
        return zones.getOrDefault(zone, List.of());
    }

    /// The cell of that name in a zone.
    public Optional<CellSpec> cell(String zone, String name) {
        return cells(zone).stream().filter(cell -> cell.name().equals(name)).findFirst();
    }

    /// How many cells there are in all zones.
    public int size() {
        return zones.values().stream().mapToInt(List::size).sum();
    }
}
