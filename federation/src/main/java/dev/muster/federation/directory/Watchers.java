package dev.muster.federation.directory;

import dev.muster.federation.assign.Rendezvous;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which cells watch which: all agents that know the same cells come to the same answer.
public final class Watchers {
    /// Cells that watch one cell.
    public static final int COUNT = 3;

    private Watchers() {}

    /// The cells that watch `cell`: three of three other zones where there are so many, else of as
    /// many zones as there are, its own among them only where there are fewer than three; in the
    /// order of the cell's ranking.
    ///
    /// @param zone of the cell
    /// @param cells all cells that may watch
    public static List<String> of(String cell, String zone, Collection<CellEntry> cells) {
        Map<String, String> zones = new HashMap<>();
        cells.stream()
                .filter(other -> !other.cell().equals(cell))
                .forEach(other -> zones.put(other.cell(), other.zone()));
        List<String> ranked = Rendezvous.rank(cell, zones.keySet());
        Set<String> all = new TreeSet<>(zones.values());
        all.add(zone);
        List<String> chosen = new ArrayList<>();
        Set<String> used = new HashSet<>();
        // first, one of each other zone
        for (String other : ranked) {
            String its = zones.getOrDefault(other, "");
            if (chosen.size() < COUNT && !its.equals(zone) && used.add(its)) {
                chosen.add(other);
            }
        }
        // with two zones, one of its own zone: it tells a cut between the zones from a death
        if (all.size() == 2 && chosen.size() < COUNT) {
            ranked.stream()
                    .filter(other -> zone.equals(zones.get(other)))
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        for (String other : ranked) {
            boolean foreign = !zone.equals(zones.get(other)) || all.size() == 1;
            if (chosen.size() < COUNT && foreign && !chosen.contains(other)) {
                chosen.add(other);
            }
        }
        return chosen;
    }

    /// The cells that `watcher` watches, sorted.
    public static List<CellEntry> watchedBy(String watcher, Collection<CellEntry> cells) {
        return cells.stream()
                .filter(cell -> !cell.cell().equals(watcher))
                .filter(cell -> of(cell.cell(), cell.zone(), cells).contains(watcher))
                .sorted(Comparator.comparing(CellEntry::cell))
                .toList();
    }
}
