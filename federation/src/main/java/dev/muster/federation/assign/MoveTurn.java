package dev.muster.federation.assign;

import dev.muster.federation.member.Names;
import java.util.Comparator;
import java.util.List;

/// Whose turn it is to move when a new map has come: each agent works it out for itself.
public final class MoveTurn {
    /*
     * All agents of a cell know its roster and the map, so each knows who of them ranks another cell first: the movers.
     * They go in the order of a hash of (epoch, host). The first may go at once, but for a part of SPREAD_MS of its
     * own, that keeps the movers of different cells from coming to a new cell in one second. The k-th may go when k
     * turns have passed: by then those before it have gone, so that it is the first, or they cannot, and must not hold
     * up the others. Between two leaves of a cell GAP_MS pass, and nobody leaves a cell in trouble.
     */
    static final long SPREAD_MS = 30_000;
    static final long TURN_MS = 30_000;
    static final long GAP_MS = 10_000;

    /// A cell with more than this share of agents not up is left in peace.
    private static final double TROUBLE = 0.1;

    private MoveTurn() {}

    /// An agent of the cell that is to be left.
    ///
    /// @param host its name
    /// @param up whether it is up
    public record Resident(String host, boolean up) {
        public Resident {
            Names.refuseBadHost(host);
        }
    }

    /// What an agent knows when it asks.
    ///
    /// @param map the newest map
    /// @param zone of the cell
    /// @param cell where the agent is now
    /// @param residents of the cell, those that have left not among them
    /// @param sinceMapMs since the agent has that map
    /// @param sinceLeaveMs since another agent left the cell last; `Long.MAX_VALUE` if none did
    public record Question(
            CellMap map,
            String zone,
            String cell,
            List<Resident> residents,
            long sinceMapMs,
            long sinceLeaveMs) {
        public Question {
            residents = List.copyOf(residents);
        }
    }

    /// How long the agent of `host`, which is to move, has yet to wait; 0 for go. Asked again about
    /// every second, since the answer changes with those who go before it.
    public static long waitMs(String host, Question question) {
        long spread =
                Long.remainderUnsigned(
                        Rendezvous.weight(host, "spread-" + question.map.epoch()), SPREAD_MS);
        long turn = rank(host, question) * TURN_MS;
        long wait = Math.max(spread + turn - question.sinceMapMs, GAP_MS - question.sinceLeaveMs);
        return Math.max(inTrouble(question.residents) ? GAP_MS : 0, wait);
    }

    private static long rank(String host, Question question) {
        CellMap map = question.map;
        String key = "move-" + map.epoch();
        Comparator<Resident> order =
                Comparator.comparingLong(
                                (Resident r) -> Rendezvous.weight(key, r.host()) ^ Long.MIN_VALUE)
                        .thenComparing(Resident::host);
        Resident self = new Resident(host, true);
        return question.residents.stream()
                .filter(r -> r.up() && !r.host().equals(host))
                .filter(r ->
                        !Assigner.byHash(map, question.zone, r.host(), _ -> 0)
                                .cell()
                                .equals(question.cell))
                .filter(r -> order.compare(r, self) < 0)
                .count();
    }

    private static boolean inTrouble(List<Resident> residents) {
        long notUp = residents.stream().filter(resident -> !resident.up()).count();
        return notUp > residents.size() * TROUBLE;
    }
}
