package dev.muster.federation.assign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.assign.MoveTurn.Question;
import dev.muster.federation.assign.MoveTurn.Resident;
import dev.muster.federation.detect.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MoveTurnTest {
    private static final CellMap BEFORE = AssignerTest.map(1, 1);
    private static final CellMap AFTER = AssignerTest.map(2, 2);

    static LongStream seeds() {
        return Seeds.few();
    }

    private static List<String> movers(List<String> hosts) {
        return hosts.stream()
                .filter(h -> !Assigner.byHash(AFTER, "a", h, _ -> 0).cell().equals("a-0"))
                .toList();
    }

    private static List<String> hosts(long seed, int count) {
        Random random = new Random(seed);
        return random.longs(count).mapToObj(l -> "h" + Long.toHexString(l)).toList();
    }

    private static Question ask(List<String> hosts, long sinceMapMs, long sinceLeaveMs) {
        var residents = hosts.stream().map(h -> new Resident(h, true)).toList();
        return new Question(AFTER, "a", "a-0", residents, sinceMapMs, sinceLeaveMs);
    }

    /// Time goes on by seconds; who may go, goes, unless he is stuck.
    private static List<long[]> run(List<String> hosts, String stuck, long untilMs) {
        List<String> left = new ArrayList<>(hosts);
        List<long[]> leaves = new ArrayList<>();
        long lastLeave = Long.MIN_VALUE / 2;
        for (long now = 0; now <= untilMs; now += 1000) {
            for (String mover : movers(left)) {
                Question question = ask(left, now, now - lastLeave);
                if (!mover.equals(stuck) && MoveTurn.waitMs(mover, question) <= 0) {
                    left.remove(mover);
                    leaves.add(new long[] {now});
                    lastLeave = now;
                }
            }
        }
        return leaves;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void allGoOneByOne(long seed) {
        var hosts = hosts(seed, 44);
        int movers = movers(hosts).size();
        var leaves = run(hosts, "", 40 * 60_000);
        assertThat(BEFORE.size()).isEqualTo(1);
        assertThat(leaves).hasSize(movers);
        for (int i = 1; i < leaves.size(); i++) {
            assertThat(leaves.get(i)[0] - leaves.get(i - 1)[0])
                    .isGreaterThanOrEqualTo(MoveTurn.GAP_MS);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneThatIsStuckDoesNotHoldUpTheOthers(long seed) {
        var hosts = hosts(seed, 44);
        String first =
                movers(hosts).stream()
                        .min(
                                Comparator.comparingLong(
                                        h -> MoveTurn.waitMs(h, ask(hosts, 0, Long.MAX_VALUE))))
                        .orElseThrow();
        assertThat(run(hosts, first, 60 * 60_000)).hasSize(movers(hosts).size() - 1);
    }

    @Test
    void nobodyLeavesACellInTrouble() {
        var residents = new ArrayList<Resident>();
        hosts(1, 20).forEach(h -> residents.add(new Resident(h, true)));
        residents.add(new Resident("x", false));
        residents.add(new Resident("y", false));
        residents.add(new Resident("z", false));
        var calm = new Question(AFTER, "a", "a-0", residents.subList(0, 21), 99 << 20, 99 << 20);
        var trouble = new Question(AFTER, "a", "a-0", residents, 99 << 20, 99 << 20);
        String mover = movers(residents.stream().map(Resident::host).toList()).getFirst();
        assertThat(MoveTurn.waitMs(mover, calm)).isLessThanOrEqualTo(0);
        assertThat(MoveTurn.waitMs(mover, trouble)).isPositive();
    }
}
