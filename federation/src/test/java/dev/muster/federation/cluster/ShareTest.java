package dev.muster.federation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {
    private static final int HOSTS = 3_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 20, 64})
    void dividesEveryHostToExactlyOneNodeAndEvenly(int count) {
        List<Share> shares = Share.all(nodes(count)).divided();
        assertThat(shares).hasSize(count);
        int[] owned = new int[count];
        for (int i = 0; i < HOSTS; i++) {
            owned[ownerOf(shares, i)]++;
        }
        double mean = HOSTS / (double) count;
        for (int share : owned) {
            assertThat(share)
                    .isBetween(
                            (int) (mean - 5 * Math.sqrt(mean)),
                            (int) (mean + 5 * Math.sqrt(mean)) + 1);
        }
    }

    @Test
    void dividesAShareAmongTheOthersWhoOwnItWhenItsNodeIsLost() {
        List<String> nodes = nodes(4);
        List<Share> shares = Share.all(nodes).divided();
        List<String> left = nodes.stream().filter(name -> !name.equals("node-2")).toList();
        List<Share> without = Share.all(left).divided();
        List<Share> retries = shares.get(2).divided();
        assertThat(retries).extracting(Share::owner).containsExactlyElementsOf(left);
        for (int i = 0; i < HOSTS; i++) {
            int owner = ownerOf(shares, i);
            int later = ownerOf(without, i);
            if (owner == 2) {
                assertThat(ownerOf(retries, i)).isEqualTo(later);
            } else {
                assertThat(left.get(later)).isEqualTo(nodes.get(owner));
                assertThat(retries).noneMatch(holds(i));
            }
        }
    }

    @Test
    void movesOnlyWhatANewNodeTakes() {
        List<Share> three = Share.all(nodes(3)).divided();
        List<Share> four = Share.all(nodes(4)).divided();
        Map<String, Integer> moved = new HashMap<>();
        for (int i = 0; i < HOSTS; i++) {
            int before = ownerOf(three, i);
            int after = ownerOf(four, i);
            moved.merge(before == after ? "stays" : "to " + after, 1, Integer::sum);
        }
        assertThat(moved).containsOnlyKeys("stays", "to 3");
        assertThat(moved.get("to 3")).isBetween(HOSTS / 5, HOSTS / 3);
    }

    @Test
    void staysAsItIs() {
        // nodes of different builds must agree
        List<Share> shares = Share.all(nodes(3)).divided();
        StringBuilder owners = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            owners.append(ownerOf(shares, i));
        }
        assertThat(owners).hasToString("221101000102102110120111");
    }

    @Test
    void refusesWhatIsNoShare() {
        assertThatThrownBy(() -> new Share(List.of("b", "a"), List.of()))
                .hasMessage("share: nodes must ascend: found=[b, a]");
        assertThatThrownBy(() -> new Share(List.of("a", "b"), List.of(2)))
                .hasMessage("share: prefix must name nodes once: found=[2], nodes=2");
        assertThatThrownBy(() -> new Share(List.of("a", "b"), List.of(1, 1)))
                .hasMessage("share: prefix must name nodes once: found=[1, 1], nodes=2");
        assertThatThrownBy(() -> new Share(List.of(), List.of()))
                .hasMessage("share must be of 1 to 64 nodes: found=0");
    }

    private static List<String> nodes(int count) {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add("node-" + i);
        }
        nodes.sort(null);
        return nodes;
    }

    private static int ownerOf(List<Share> shares, int host) {
        int owner = -1;
        for (int i = 0; i < shares.size(); i++) {
            if (holds(host).test(shares.get(i))) {
                assertThat(owner).isEqualTo(-1);
                owner = i;
            }
        }
        assertThat(owner).isNotNegative();
        return owner;
    }

    private static java.util.function.Predicate<Share> holds(int host) {
        return share -> share.filter().holds("cell-" + host % 7, "host-" + host);
    }
}
