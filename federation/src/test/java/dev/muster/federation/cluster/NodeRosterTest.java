package dev.muster.federation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeRosterTest {
    private final NodeRoster roster = new NodeRoster("a", 1, 0);

    @Test
    void knowsWhoIsHeardUntilItIsSilentOrLost() {
        assertThat(roster.heard(node("b", 5, NodeState.READY), 0)).isTrue();
        assertThat(roster.heard(node("c", 5, NodeState.READY), 0)).isTrue();
        assertThat(roster.heard(node("b", 5, NodeState.READY), 1_000)).isFalse();
        assertThat(roster.lost("c")).isTrue();
        assertThat(roster.lost("c")).isFalse();
        for (int ms = 1_000; ms <= 6_000; ms += 1_000) {
            assertThat(roster.tick(ms)).isFalse();
        }
        assertThat(roster.tick(6_001)).isTrue();
        assertThat(roster.peers()).isEmpty();
    }

    @Test
    void believesTheLaterRun() {
        roster.heard(node("b", 6, NodeState.STARTING), 0);
        assertThat(roster.heard(node("b", 5, NodeState.READY), 1)).isFalse();
        assertThat(roster.heard(node("b", 6, NodeState.READY), 2)).isTrue();
        assertThat(roster.peers()).containsExactly(node("b", 6, NodeState.READY));
    }

    @Test
    void doesNotBlameOthersForItsOwnPause() {
        roster.heard(node("b", 5, NodeState.READY), 500);
        roster.tick(1_000);
        assertThat(roster.tick(31_000)).isFalse();
        assertThat(roster.peers()).hasSize(1);
    }

    @Test
    void countsAnotherNodeOfItsNameAndNodesBeyondTheLimit() {
        roster.heard(node("a", 1, NodeState.READY), 0);
        assertThat(roster.conflicts()).isZero();
        roster.heard(node("a", 2, NodeState.READY), 0);
        assertThat(roster.conflicts()).isOne();
        for (int i = 0; i < 70; i++) {
            roster.heard(node("n" + i, 1, NodeState.READY), 0);
        }
        assertThat(roster.peers()).hasSize(Share.NODE_LIMIT - 1);
        assertThat(roster.overLimit()).isEqualTo(7);
    }

    private static Node node(String name, long incarnation, NodeState state) {
        return new Node(name, "http://" + name, incarnation, state);
    }
}
