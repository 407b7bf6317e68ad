package dev.muster.federation.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.directory.CrossWatch.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrossWatchTest {
    static LongStream seeds() {
        return Seeds.few();
    }

    private static Aged says(String watcher, String zone, boolean silent) {
        return new Aged(Entries.result("c", watcher, zone, silent), 1000);
    }

    private static Aged sick(String watcher, String zone) {
        WatchResult r = Entries.result("c", watcher, zone, true);
        return new Aged(
                new WatchResult(
                        r.cell(), watcher, zone, 3, 0, false, 0, 0, 0, r.atMs(), r.version()),
                1000);
    }

    @Test
    void twoBelievedWatchersOfTwoZonesMakeADeath() {
        var results = List.of(says("w1", "a", true), says("w2", "b", true));
        assertThat(CrossWatch.cell(results, 3))
                .isEqualTo(new CrossWatch.Conclusion(Verdict.DEAD, List.of("w1", "w2")));
    }

    @Test
    void silenceAloneIsNeverDeath() {
        assertThat(CrossWatch.cell(List.of(), 3).verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(CrossWatch.cell(List.of(says("w1", "a", true)), 1).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        Aged old = new Aged(Entries.result("c", "w2", "b", true), CrossWatch.FRESH_MS + 1);
        assertThat(CrossWatch.cell(List.of(says("w1", "a", true), old), 3).verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void aCutBetweenTwoZonesIsNoDeath() {
        // both watchers behind the same cut
        var results = List.of(says("w1", "a", true), says("w2", "a", true));
        assertThat(CrossWatch.cell(results, 2).verdict()).isEqualTo(Verdict.UNKNOWN);
        var third = List.of(says("w1", "a", true), says("w2", "b", true), says("w3", "c", false));
        assertThat(CrossWatch.cell(third, 3))
                .isEqualTo(new CrossWatch.Conclusion(Verdict.REACHABLE, List.of("w3")));
    }

    @Test
    void aWatcherThatIsCutOffItselfDoesNotCount() {
        var results = List.of(says("w1", "a", true), sick("w2", "b"));
        assertThat(CrossWatch.cell(results, 3).verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    /// Whatever the watchers say: a death needs two believed and silent ones, and none that heard.
    @ParameterizedTest
    @MethodSource("seeds")
    void noDeathWithoutItsWitnesses(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            List<Aged> results = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                int asked = random.nextInt(4);
                var result =
                        new WatchResult(
                                "c",
                                "w" + random.nextInt(4),
                                "z" + random.nextInt(3),
                                asked,
                                random.nextInt(asked + 1),
                                random.nextBoolean(),
                                0,
                                0,
                                0,
                                0,
                                new Version(1, 1, 1));
                results.add(new Aged(result, random.nextInt(30_000)));
            }
            int zones = 1 + random.nextInt(3);
            var conclusion = CrossWatch.cell(results, zones);
            if (conclusion.verdict() == Verdict.DEAD) {
                var counted =
                        results.stream()
                                .filter(a -> a.ageMs() <= CrossWatch.FRESH_MS)
                                .map(a -> (WatchResult) a.item())
                                .toList();
                assertThat(counted).noneMatch(r -> r.reachable() > 0);
                var believed = counted.stream().filter(r -> r.silent() && r.healthy()).toList();
                assertThat(believed.stream().map(WatchResult::watcher).distinct().count())
                        .isGreaterThanOrEqualTo(2);
                assertThat(believed.stream().map(WatchResult::watcherZone).distinct().count())
                        .isGreaterThanOrEqualTo(Math.min(2, zones));
            }
        }
    }

    private static Aged row(String watcher, String zone, long probed, long silent) {
        return new Aged(
                new WatchResult(
                        "c",
                        watcher,
                        zone,
                        3,
                        1,
                        true,
                        77,
                        probed,
                        silent,
                        0,
                        new Version(1, 1, 1)),
                500);
    }

    private static CellEntry cell(int up, int down) {
        CellEntry e = Entries.entry(1, new Version(1, 1, 1));
        return new CellEntry("c", "z", 1, e.contacts(), 77, up, down, 6, 0, e.version());
    }

    @Test
    void hostsOfACellWithoutQuorumAreDeadByTwoWatchers() {
        var hosts = List.of("h0", "h1", "h2", "h3", "h4", "h5");
        // three of six died in one stroke: the others are no quorum
        var results =
                List.of(row("w1", "a", 0b111111, 0b000111), row("w2", "b", 0b111111, 0b001011));
        assertThat(CrossWatch.deadHosts(cell(3, 0), hosts, results, 3))
                .isEqualTo(Map.of("h0", List.of("w1", "w2"), "h1", List.of("w1", "w2")));
        assertThat(CrossWatch.deadHosts(cell(5, 0), hosts, results, 3))
                .as("a cell with a quorum judges itself")
                .isEmpty();
        assertThat(CrossWatch.deadHosts(cell(3, 0), hosts, results.subList(0, 1), 3)).isEmpty();
    }

    private static List<CellEntry> fleet(int cells, int zones) {
        return IntStream.range(0, cells)
                .mapToObj(i -> {
                    CellEntry e = Entries.entry(i, new Version(1, 1, 1));
                    return new CellEntry(
                            "c" + i,
                            "z" + i % zones,
                            1,
                            e.contacts(),
                            0,
                            44,
                            0,
                            44,
                            0,
                            e.version());
                })
                .toList();
    }

    @Test
    void watchersAreOfOtherZonesAndEvenlySpread() {
        var cells = fleet(300, 4);
        var watched = new HashMap<String, List<String>>();
        for (CellEntry cell : cells) {
            var watchers = Watchers.of(cell.cell(), cell.zone(), cells);
            watchers.forEach(
                    w -> watched.computeIfAbsent(w, _ -> new ArrayList<>()).add(cell.cell()));
            assertThat(watchers).hasSize(3).doesNotContain(cell.cell());
            var zones = new HashSet<String>();
            watchers.forEach(w -> zones.add("z" + Integer.parseInt(w.substring(1)) % 4));
            assertThat(zones).hasSize(3).doesNotContain(cell.zone());
        }
        assertThat(watched.values()).allMatch(all -> all.size() < 14);
        for (CellEntry cell : cells.subList(0, 8)) {
            assertThat(Watchers.watchedBy(cell.cell(), cells))
                    .extracting(CellEntry::cell)
                    .containsExactlyElementsOf(
                            watched.getOrDefault(cell.cell(), List.of()).stream()
                                    .sorted()
                                    .toList());
        }
    }

    @Test
    void withTwoZonesOneWatcherIsOfTheOwnZone() {
        var cells = fleet(20, 2);
        for (CellEntry cell : cells) {
            var own =
                    Watchers.of(cell.cell(), cell.zone(), cells).stream()
                            .filter(w ->
                                    ("z" + Integer.parseInt(w.substring(1)) % 2)
                                            .equals(cell.zone()))
                            .toList();
            assertThat(own).hasSize(1);
        }
        var one = fleet(5, 1);
        assertThat(Watchers.of("c0", "z0", one)).hasSize(3).doesNotContain("c0");
        assertThat(Watchers.of("c0", "z0", fleet(1, 1))).isEmpty();
    }
}
