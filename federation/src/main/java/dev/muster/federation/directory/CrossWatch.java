package dev.muster.federation.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What may be concluded from the watch of cells over cells. A pure function: silence alone is
/// never death, nor is a cut between a watcher and the cell.
public final class CrossWatch {
    /*
     * A cell is dead when
     * - at least two watchers, of different cells, have lately asked its agents and got no sign of life from any,
     * - each of them may be believed: it has a quorum of its own and reached a third cell meanwhile,
     * - they are of two zones, if the fleet has two: within one zone they may share a broken link,
     * - and no watcher, believed or not, has lately got a sign of life.
     * With exactly two zones one of the witnesses is thus of the cell's own zone: when a whole zone of two is silent,
     * nobody can tell its death from a cut between the two, and the answer is that nothing is known.
     *
     * The same rule holds for one host of a cell that is no quorum any more, by the bits of the rows. A cell that has a
     * quorum judges its hosts itself.
     */
    /// A result counts for so long after it was said; watchers of a cell in doubt repeat theirs
    /// faster.
    public static final long FRESH_MS = 15_000;

    private static final int WITNESSES = 2;

    private CrossWatch() {}

    /// What is concluded of a cell.
    public enum Verdict {
        /// A watcher has got a sign of life lately.
        REACHABLE,
        /// Nobody can say.
        UNKNOWN,
        /// None of its agents gives a sign of life, by the word of enough witnesses.
        DEAD
    }

    /// A verdict and who stands for it.
    ///
    /// @param verdict what is concluded
    /// @param witnesses the cells that say so, sorted; none for `UNKNOWN`
    public record Conclusion(Verdict verdict, List<String> witnesses) {
        public Conclusion {
            witnesses = List.copyOf(witnesses);
        }
    }

    /// What holds of a cell.
    ///
    /// @param results all that is said of the watch over it
    /// @param zones how many zones the fleet has
    public static Conclusion cell(Collection<Aged> results, int zones) {
        List<WatchResult> fresh = fresh(results);
        List<WatchResult> alive = fresh.stream().filter(r -> r.reachable() > 0).toList();
        if (!alive.isEmpty()) {
            return new Conclusion(Verdict.REACHABLE, names(alive));
        }
        List<WatchResult> silent = fresh.stream().filter(r -> r.healthy() && r.silent()).toList();
        return suffice(silent, zones)
                ? new Conclusion(Verdict.DEAD, names(silent))
                : new Conclusion(Verdict.UNKNOWN, List.of());
    }

    /// Which hosts of a cell without a quorum of its own are dead, with the witnesses of each.
    ///
    /// @param entry of the cell
    /// @param hosts its roster, sorted, as `entry.rosterHash()` stands for
    /// @param results all that is said of the watch over it
    /// @param zones how many zones the fleet has
    public static Map<String, List<String>> deadHosts(
            CellEntry entry, List<String> hosts, Collection<Aged> results, int zones) {
        Map<String, List<String>> dead = new TreeMap<>();
        boolean judges = entry.hasQuorum() && cell(results, zones).verdict() != Verdict.DEAD;
        if (judges || hosts.size() > Long.SIZE) {
            return dead;
        }
        List<WatchResult> rows =
                fresh(results).stream()
                        .filter(r -> r.probedRow() != 0 && r.rosterHash() == entry.rosterHash())
                        .toList();
        for (int i = 0; i < hosts.size(); i++) {
            long bit = 1L << i;
            List<WatchResult> asked =
                    rows.stream().filter(r -> (r.probedRow() & bit) != 0).toList();
            boolean answered = asked.stream().anyMatch(r -> (r.silentRow() & bit) == 0);
            List<WatchResult> silent = asked.stream().filter(WatchResult::healthy).toList();
            if (!answered && suffice(silent, zones)) {
                dead.put(hosts.get(i), names(silent));
            }
        }
        return dead;
    }

    private static List<WatchResult> fresh(Collection<Aged> results) {
        List<WatchResult> fresh = new ArrayList<>();
        for (Aged aged : results) {
            if (aged.ageMs() <= FRESH_MS && aged.item() instanceof WatchResult result) {
                fresh.add(result);
            }
        }
        return fresh;
    }

    private static boolean suffice(List<WatchResult> witnesses, int zones) {
        long cells = witnesses.stream().map(WatchResult::watcher).distinct().count();
        long places = witnesses.stream().map(WatchResult::watcherZone).distinct().count();
        return cells >= WITNESSES && places >= Math.min(WITNESSES, zones);
    }

    private static List<String> names(List<WatchResult> results) {
        return results.stream().map(WatchResult::watcher).distinct().sorted().toList();
    }
}
