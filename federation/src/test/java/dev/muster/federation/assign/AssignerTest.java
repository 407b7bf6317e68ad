package dev.muster.federation.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.federation.assign.Assignment.Reason;
import dev.muster.federation.detect.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AssignerTest {
    private static final int CELLS = 250;

    static LongStream seeds() {
        return Seeds.few();
    }

    static CellMap map(long epoch, int cells) {
        var zones = new TreeMap<String, List<CellSpec>>();
        zones.put("a", IntStream.range(0, cells).mapToObj(AssignerTest::cell).toList());
        return new CellMap(epoch, zones);
    }

    private static CellSpec cell(int number) {
        return new CellSpec("a-" + number, List.of());
    }

    private static List<String> hosts(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> "node-" + i + "-" + Integer.toHexString(random.nextInt()))
                .toList();
    }

    /// All hosts in turn, each seeing how full the cells are.
    private static Map<String, Assignment> fill(CellMap map, List<String> hosts) {
        Map<String, Integer> sizes = new HashMap<>();
        Map<String, Assignment> assigned = new TreeMap<>();
        for (String host : hosts) {
            Assignment one = Assigner.byHash(map, "a", host, cell -> sizes.getOrDefault(cell, 0));
            sizes.merge(one.cell(), 1, Integer::sum);
            assigned.put(host, one);
        }
        return assigned;
    }

    private static Map<String, Integer> sizes(Map<String, Assignment> assigned) {
        Map<String, Integer> sizes = new HashMap<>();
        assigned.values().forEach(one -> sizes.merge(one.cell(), 1, Integer::sum));
        return sizes;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void cellsAreAboutEqualAndNoneIsOverTheLimit(long seed) {
        var assigned = fill(map(1, CELLS), hosts(seed, CELLS * CellMap.AGENT_TARGET));
        var sizes = sizes(assigned);
        assertThat(sizes).hasSize(CELLS);
        assertThat(sizes.values()).allMatch(size -> size <= CellMap.AGENT_LIMIT);
        double mean = CellMap.AGENT_TARGET;
        double variance =
                sizes.values().stream().mapToDouble(s -> (s - mean) * (s - mean)).sum() / CELLS;
        // Poisson has a variance equal to its mean
        assertThat(variance).isBetween(mean * 0.6, mean * 1.5);
        long spilled = assigned.values().stream().filter(a -> a.reason() == Reason.SPILLED).count();
        assertThat(spilled).as("hosts that found their first choice full").isLessThan(30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFullZoneSpillsOverToTheLastPlace(long seed) {
        int cells = 20;
        var hosts = hosts(seed, cells * CellMap.AGENT_LIMIT + 1);
        var assigned = fill(map(1, cells), hosts);
        var last = assigned.remove(hosts.getLast());
        assertThat(sizes(assigned).values()).containsOnly(CellMap.AGENT_LIMIT);
        assertThat(last).extracting(Assignment::reason).isEqualTo(Reason.NO_ROOM);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aNewCellTakesItsShareAndNobodyElseMoves(long seed) {
        var before = map(1, CELLS);
        var after = map(2, CELLS + 10);
        var hosts = hosts(seed, CELLS * 40);
        int moved = 0;
        for (String host : hosts) {
            String old = Assigner.byHash(before, "a", host, _ -> 0).cell();
            Assignment fresh = Assigner.under(after, "a", host, old, _ -> 0);
            if (!fresh.cell().equals(old)) {
                moved++;
                assertThat(before.cell("a", fresh.cell())).as("only to new cells").isEmpty();
            }
        }
        double share = (double) moved / hosts.size();
        assertThat(share).isBetween(0.7 * 10 / (CELLS + 10), 1.3 * 10 / (CELLS + 10));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aCellThatGoesLeavesItsHostsToOthersAndNobodyElseMoves(long seed) {
        var before = map(1, CELLS);
        var after = map(2, CELLS - 1);
        String gone = cell(CELLS - 1).name();
        for (String host : hosts(seed, 5000)) {
            String old = Assigner.byHash(before, "a", host, _ -> 0).cell();
            String fresh = Assigner.under(after, "a", host, old, _ -> 0).cell();
            assertThat(fresh.equals(old)).isEqualTo(!old.equals(gone));
        }
    }

    @Test
    void staysInAFullCellThatItIsOf() {
        var map = map(1, 3);
        String first = Assigner.byHash(map, "a", "h", _ -> 0).cell();
        var stays = Assigner.under(map, "a", "h", first, _ -> CellMap.AGENT_LIMIT);
        assertThat(stays).isEqualTo(new Assignment(first, Reason.HASHED, 0));
    }

    @Test
    void theNamedCellGoesBeforeTheLastOneAndThatBeforeTheHash() {
        var map = map(3, 5);
        var home = Optional.of(new Home("a-2", 1));
        assertThat(Assigner.atStart(map, "a", "h", Optional.of("mine"), home, _ -> 0))
                .isEqualTo(new Assignment("mine", Reason.EXPLICIT, 0));
        assertThat(Assigner.atStart(map, "a", "h", Optional.empty(), home, _ -> 0))
                .isEqualTo(new Assignment("a-2", Reason.STICKY, 0));
        var lost = Optional.of(new Home("a-9", 1));
        assertThat(Assigner.atStart(map, "a", "h", Optional.empty(), lost, _ -> 0).reason())
                .isEqualTo(Reason.HASHED);
    }

    @Test
    void theHashIsTheSameInEveryVersion() {
        List<String> cells = List.of("a-0", "a-1", "a-2", "a-3", "a-4");
        assertThat(Rendezvous.rank("host-1", cells))
                .containsExactly("a-4", "a-3", "a-1", "a-2", "a-0");
        assertThat(Rendezvous.order("host-1", cells).next()).isEqualTo("a-4");
    }

    @Test
    void refusesAZoneThatTheMapDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Assigner.byHash(map(7, 1), "b", "h", _ -> 0))
                .withMessage("cell map epoch=7: zone must be one of [a]: found=b");
    }

    @Test
    void refusesMapsThatDoNotHold() {
        var twice = new TreeMap<String, List<CellSpec>>();
        twice.put("a", List.of(cell(1)));
        twice.put("b", List.of(cell(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellMap(1, twice))
                .withMessage("cell map: a cell must not stand twice: cell=a-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellMap(0, new TreeMap<>()))
                .withMessage("cell map epoch must be at least 1: found=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellSpec("../etc", List.of()))
                .withMessageContaining("found=../etc");
        var empty = new TreeMap<String, List<CellSpec>>();
        empty.put("a", new ArrayList<>());
        assertThatIllegalArgumentException().isThrownBy(() -> new CellMap(1, empty));
    }
}
