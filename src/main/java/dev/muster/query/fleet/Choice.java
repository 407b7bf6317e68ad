package dev.muster.query.fleet;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Which agents a query node should follow now: a pure function of what it knows.
final class Choice {
    private final FollowerConfig config;

    Choice(FollowerConfig config) {
        this.config = config;
    }

    /// The agents to follow: of each cell the first of this node's ranking that may answer, and the
    /// seeds that have not yet said which cell they are of, or whose cell is silent.
    ///
    /// @param state the fleet as it is known
    /// @param seedCells the cell that each seed turned out to be of
    /// @param paused agents that failed lately: taken last
    Set<URI> wanted(FleetState state, java.util.Map<URI, String> seedCells, Predicate<URI> paused) {
        Set<URI> wanted = new LinkedHashSet<>();
        for (CellState cell : state.cells()) {
            cell.members().stream()
                    .filter(member -> mayAnswer(member) && url(member).isPresent())
                    .sorted(ranking(cell.cell(), paused))
                    .limit(config.perCell())
                    .forEach(member -> wanted.add(url(member).get()));
        }
        for (URI seed : config.seeds()) {
            String cell = seedCells.get(seed);
            boolean heard =
                    state.cells().stream()
                            .anyMatch(known -> known.cell().equals(cell) && !known.stale());
            if (!heard) {
                wanted.add(seed);
            }
        }
        return wanted;
    }

    private Comparator<Member> ranking(String cell, Predicate<URI> paused) {
        return Comparator.comparing((Member member) -> url(member).map(paused::test).orElse(true))
                .thenComparing(member -> !member.isUp())
                .thenComparing((left, right) ->
                        Long.compareUnsigned(
                                Rendezvous.weight(config.node(), cell, right.host()),
                                Rendezvous.weight(config.node(), cell, left.host())));
    }

    private static boolean mayAnswer(Member member) {
        return switch (member.upness()) {
            case Upness.Up _, Upness.Suspect _, Upness.Unknown _ -> true;
            case Upness.Down _, Upness.Left _ -> false;
        };
    }

    static Optional<URI> url(Member member) {
        return Urls.parse(member.httpUrl());
    }
}
