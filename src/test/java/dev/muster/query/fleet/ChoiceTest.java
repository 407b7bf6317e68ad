package dev.muster.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    private static final URI SEED = URI.create("http://seed:9640");

    @Test
    void followsTheSeedsUntilTheirCellsAreKnown() {
        Choice choice = choice("q1");
        FleetState none = new FleetState(List.of(), 1);
        assertThat(choice.wanted(none, Map.of(), url -> false)).containsExactly(SEED);
        FleetState known = fleet(10);
        assertThat(choice.wanted(known, Map.of(SEED, "c"), url -> false))
                .hasSize(2)
                .doesNotContain(SEED);
    }

    @Test
    void comesBackToTheSeedsWhenTheCellIsSilent() {
        CellState silent = new CellState("c", members(3), List.of(), 0, 60_000, false);
        assertThat(
                        choice("q1")
                                .wanted(
                                        new FleetState(List.of(silent), 0),
                                        Map.of(SEED, "c"),
                                        url -> false))
                .hasSize(3)
                .contains(SEED);
    }

    @Test
    void spreadsNodesOverAgentsAndMovesOnlyTheFollowersOfALostOne() {
        FleetState all = fleet(10);
        Map<URI, Integer> followers = new HashMap<>();
        int moved = 0;
        for (int node = 0; node < 200; node++) {
            Set<URI> before = choice("q" + node).wanted(all, Map.of(SEED, "c"), url -> false);
            before.forEach(url -> followers.merge(url, 1, Integer::sum));
            Set<URI> after =
                    choice("q" + node).wanted(without(all, "h0"), Map.of(SEED, "c"), url -> false);
            Set<URI> kept = new HashSet<>(before);
            kept.retainAll(after);
            boolean followedLost = before.contains(URI.create("http://h0:9640"));
            assertThat(kept).hasSize(followedLost ? 1 : 2);
            moved += followedLost ? 1 : 0;
        }
        assertThat(followers).hasSize(10);
        assertThat(followers.values()).allMatch(count -> count > 15 && count < 80);
        assertThat(moved).isPositive();
    }

    @Test
    void takesAgentsThatFailedLast() {
        FleetState all = fleet(3);
        Choice choice = choice("q");
        URI first = choice.wanted(all, Map.of(SEED, "c"), url -> false).iterator().next();
        assertThat(choice.wanted(all, Map.of(SEED, "c"), first::equals)).doesNotContain(first);
    }

    private static Choice choice(String node) {
        return new Choice(FollowerConfig.of(List.of(SEED), node));
    }

    private static FleetState fleet(int hosts) {
        return new FleetState(
                List.of(new CellState("c", members(hosts), List.of("h1"), 1, 10, false)), 1);
    }

    private static FleetState without(FleetState fleet, String host) {
        CellState cell = fleet.cells().getFirst();
        List<Member> members =
                cell.members().stream()
                        .map(member ->
                                member.host().equals(host)
                                        ? member.with(
                                                new Upness.Down(1, Cause.AGENT_DOWN), List.of())
                                        : member)
                        .toList();
        return new FleetState(List.of(new CellState("c", members, List.of("h1"), 1, 10, false)), 1);
    }

    private static List<Member> members(int hosts) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            members.add(
                    new Member(
                            "h" + i,
                            "http://h" + i + ":9640",
                            1,
                            new Upness.Up(1),
                            List.of(),
                            1,
                            1,
                            1));
        }
        return members;
    }
}
