package dev.muster.federation.assign;

import dev.muster.federation.member.Names;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How racks and cells lie to each other. When more than a third of a cell dies in one stroke, its
/// survivors are no quorum: a rack must not have that share of any cell.
public final class RackAdvice {
    /// Greatest share of a cell that one rack may have.
    public static final double SHARE_LIMIT = 1.0 / 3;

    /// In a cell that small any rack has a great share.
    private static final int SMALL_CELL = 4;

    private RackAdvice() {}

    /// Where an agent is.
    ///
    /// @param host its name
    /// @param cell its cell
    /// @param rack its rack; empty if it has not told
    public record Placed(String host, String cell, String rack) {
        public Placed {
            Names.refuseBadHost(host);
            Names.refuseBadCell(cell);
        }
    }

    /// What one rack has of one cell.
    ///
    /// @param cell the cell
    /// @param rack the rack
    /// @param hosts agents of the cell in that rack
    /// @param cellHosts all agents of the cell
    public record Share(String cell, String rack, int hosts, int cellHosts) {
        public Share {
            if (hosts < 1 || hosts > cellHosts) {
                throw new IllegalArgumentException(
                        "rack share must be 1 to all hosts of the cell: hosts="
                                + hosts
                                + ", cellHosts="
                                + cellHosts);
            }
        }

        /// Whether the cell would lose its quorum with the rack.
        public boolean tooGreat() {
            return cellHosts >= SMALL_CELL && hosts > cellHosts * SHARE_LIMIT;
        }

        /// One line for a log or an answer.
        public String text() {
            return "rack=" + rack + " cell=" + cell + " hosts=" + hosts + " of=" + cellHosts;
        }
    }

    /// The shares of all racks that are told, the greatest part of a cell first.
    public static List<Share> shares(Collection<Placed> agents) {
        record Key(String cell, String rack) {}
        Map<String, Long> sizes =
                agents.stream().collect(Collectors.groupingBy(Placed::cell, Collectors.counting()));
        Map<Key, Long> shared =
                agents.stream()
                        .filter(agent -> !agent.rack().isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        agent -> new Key(agent.cell(), agent.rack()),
                                        Collectors.counting()));
        return shared.entrySet().stream()
                .map(entry ->
                        new Share(
                                entry.getKey().cell(),
                                entry.getKey().rack(),
                                Math.toIntExact(entry.getValue()),
                                Math.toIntExact(sizes.getOrDefault(entry.getKey().cell(), 0L))))
                .sorted(
                        Comparator.comparingDouble((Share share) ->
                                        -(double) share.hosts() / share.cellHosts())
                                .thenComparing(Share::cell)
                                .thenComparing(Share::rack))
                .toList();
    }

    /// Those shares that are too great.
    public static List<Share> tooGreat(Collection<Placed> agents) {
        return shares(agents).stream().filter(Share::tooGreat).toList();
    }
}
