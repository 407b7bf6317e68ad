package dev.muster.federation.follow;

import dev.muster.federation.assign.Rendezvous;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.HostState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which agents of a cell a query node should follow now: a pure function of what it knows.
final class Choice {
    private final String node;
    private final int perCell;

    Choice(String node, int perCell) {
        this.node = node;
        this.perCell = perCell;
    }

    /// An agent that may be asked.
    private record Candidate(String url, Place place, boolean up, boolean paused, long weight) {}

    private static final Comparator<Candidate> RANKING =
            Comparator.comparing(Candidate::paused)
                    .thenComparing(c -> !c.up)
                    .thenComparing((a, b) -> Long.compareUnsigned(b.weight, a.weight));

    /// The agents to follow of a cell that has been heard of: the first of this node's ranking,
    /// then the first of them that stand in other racks.
    ///
    /// @param more addresses known from elsewhere, taken where the cell itself is silent
    /// @param paused agents that failed lately: taken last
    List<String> of(CellState cell, List<String> more, Predicate<String> paused) {
        List<Candidate> all = new ArrayList<>();
        Set<String> urls = new HashSet<>();
        for (HostState host : cell.hosts()) {
            if (mayAnswer(host.upness())
                    && Urls.isUrl(host.httpUrl())
                    && urls.add(host.httpUrl())) {
                all.add(candidate(cell.cell(), host, paused));
            }
        }
        if (cell.stale() || all.isEmpty()) {
            for (String url : more) {
                if (urls.add(url)) {
                    all.add(unheard(cell.cell(), url, paused));
                }
            }
        }
        return spread(all);
    }

    /// The agents to follow of a cell of which only addresses are known.
    List<String> of(String cell, List<String> addresses, Predicate<String> paused) {
        return spread(
                addresses.stream().distinct().map(url -> unheard(cell, url, paused)).toList());
    }

    private Candidate candidate(String cell, HostState host, Predicate<String> paused) {
        return new Candidate(
                host.httpUrl(),
                host.place(),
                host.isUp(),
                paused.test(host.httpUrl()),
                Rendezvous.weight(node + '\0' + cell, host.host()));
    }

    private Candidate unheard(String cell, String url, Predicate<String> paused) {
        return new Candidate(
                url,
                Place.NONE,
                false,
                paused.test(url),
                Rendezvous.weight(node + '\0' + cell, url));
    }

    private List<String> spread(List<Candidate> all) {
        List<Candidate> ranked = all.stream().sorted(RANKING).toList();
        List<Candidate> taken = new ArrayList<>();
        for (boolean otherRack : new boolean[] {true, false}) {
            for (Candidate c : ranked) {
                boolean good = !otherRack || (!c.paused && c.up);
                if (taken.size() < perCell
                        && good
                        && !taken.contains(c)
                        && !(otherRack
                                && taken.stream().anyMatch(t -> t.place.sharesRackWith(c.place)))) {
                    taken.add(c);
                }
            }
        }
        return taken.stream().map(Candidate::url).toList();
    }

    private static boolean mayAnswer(Upness upness) {
        return switch (upness) {
            case Upness.Up _, Upness.Suspect _, Upness.Unknown _ -> true;
            case Upness.Down _, Upness.Left _ -> false;
        };
    }
}
