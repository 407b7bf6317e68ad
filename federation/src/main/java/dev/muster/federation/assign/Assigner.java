package dev.muster.federation.assign;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Chooses the cell of an agent. Pure.
public final class Assigner {
    private Assigner() {}

    /// The cell of an agent that starts: the one its configuration names; else the one it was of
    /// last, if the map still has it in this zone, whatever its epoch (moving is for [MoveTurn]);
    /// else by hash.
    ///
    /// @param zone where the host is
    /// @param host its stable name
    /// @param explicit the cell that the configuration names
    /// @param last the cell it was of last
    /// @param agents how many agents a cell has, as far as is known; 0 for unknown
    /// @throws IllegalArgumentException if the map has no such zone
    public static Assignment atStart(
            CellMap map,
            String zone,
            String host,
            Optional<String> explicit,
            Optional<Home> last,
            ToIntFunction<String> agents) {
        if (explicit.isPresent()) {
            return new Assignment(explicit.get(), Assignment.Reason.EXPLICIT, 0);
        }
        requireZone(map, zone);
        return last.filter(home -> map.cell(zone, home.cell()).isPresent())
                .map(home -> new Assignment(home.cell(), Assignment.Reason.STICKY, 0))
                .orElseGet(() -> byHash(map, zone, host, agents));
    }

    /// The first cell with a free place in the order of the host's hash.
    ///
    /// @throws IllegalArgumentException if the map has no such zone
    public static Assignment byHash(
            CellMap map, String zone, String host, ToIntFunction<String> agents) {
        requireZone(map, zone);
        List<String> cells = map.cells(zone).stream().map(CellSpec::name).toList();
        Iterator<String> ranked = Rendezvous.order(host, cells);
        String best = ranked.next();
        String cell = best;
        int rank = 0;
        while (agents.applyAsInt(cell) >= CellMap.AGENT_LIMIT) {
            rank++;
            if (!ranked.hasNext()) {
                return new Assignment(best, Assignment.Reason.NO_ROOM, rank);
            }
            cell = ranked.next();
        }
        var reason = rank == 0 ? Assignment.Reason.HASHED : Assignment.Reason.SPILLED;
        return new Assignment(cell, reason, rank);
    }

    /// The cell an agent should be of under this map, seen from the one it is of: that one, unless
    /// the map has dropped it or a cell that the host ranks higher has a free place.
    ///
    /// @throws IllegalArgumentException if the map has no such zone
    public static Assignment under(
            CellMap map, String zone, String host, String current, ToIntFunction<String> agents) {
        // its own place is free for itself
        return byHash(map, zone, host, cell -> cell.equals(current) ? 0 : agents.applyAsInt(cell));
    }

    private static void requireZone(CellMap map, String zone) {
        if (map.cells(zone).isEmpty()) {
            throw new IllegalArgumentException(
                    "cell map epoch="
                            + map.epoch()
                            + ": zone must be one of "
                            + map.zones().keySet()
                            + ": found="
                            + zone);
        }
    }
}
