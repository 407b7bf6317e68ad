package dev.muster.federation.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.HostState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FollowerTest {
    private final SimulatedAgents agents = new SimulatedAgents();
    private final FleetView fleet = view();
    private final Follower follower = follower("q1", fleet, List.of("http://a1:9640"));

    static LongStream seeds() {
        return Seeds.few();
    }

    @Test
    void followsTwoAgentsInDifferentRacksOfACellFromOneSeed() {
        cell("c", 6, 2);
        run(3_000);
        assertThat(connected(follower)).hasSize(2);
        Set<String> racks =
                connected(follower).stream()
                        .map(url -> agents.agent(url).place().rack())
                        .collect(Collectors.toSet());
        assertThat(racks).hasSize(2);
        CellState cell = fleet.state().cells().getFirst();
        assertThat(cell.coverage()).isEqualTo(1);
        assertThat(cell.hosts()).hasSize(6).allMatch(HostState::isUp);
        assertThat(cell.counts().servicesUp()).isEqualTo(18);
    }

    @Test
    void learnsCellsFromADirectory() {
        cell("c", 3, 3);
        cell("d", 3, 3);
        FleetView other = view();
        Follower byDirectory =
                new Follower(
                        FollowerConfig.of(List.of(), "q2"),
                        other,
                        () -> Map.of("d", List.of("http://d2:9640")),
                        agents,
                        agents::nanoTime,
                        new Random(1),
                        new FollowerStats());
        run(3_000, follower, byDirectory);
        assertThat(other.state().cells()).extracting(CellState::cell).containsExactly("d");
        assertThat(connected(byDirectory)).hasSize(2);
    }

    @Test
    void changesOverWhenAnAgentFallsSilent() {
        cell("c", 6, 3);
        run(3_000);
        String lost = connected(follower).getFirst();
        agents.freeze(lost, true);
        // the cell is never stale: the second agent goes on
        for (int i = 0; i < 20; i++) {
            run(100);
            assertThat(fleet.state().cells().getFirst().stale()).isFalse();
        }
        run(500);
        assertThat(connected(follower)).hasSize(2).doesNotContain(lost);
        assertThat(follower.stats().silent()).isEqualTo(1);
        agents.freeze(lost, false);
        run(15_000);
        assertThat(connected(follower)).hasSize(2).contains(lost);
    }

    @Test
    void silenceOfAllIsUnknownAndNeverDown() {
        cell("c", 3, 3);
        run(3_000);
        agents.urls().forEach(url -> agents.freeze(url, true));
        run(10_000);
        CellState cell = fleet.state().cells().getFirst();
        assertThat(cell.stale()).isTrue();
        assertThat(cell.hosts()).allMatch(host -> host.upness() instanceof Upness.Unknown);
        assertThat(cell.counts().servicesUnknown()).isEqualTo(9);
        agents.urls().forEach(url -> agents.freeze(url, false));
        run(8_000);
        assertThat(fleet.state().cells().getFirst().hosts()).allMatch(HostState::isUp);
    }

    @Test
    void hearsOfEveryCellBeforeOfOneTwice() {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cell(String.format("d%03d-", i), 3, 3);
            seeds.add(String.format("http://d%03d-1:9640", i));
        }
        Follower all = follower("q1", fleet, seeds);
        int rounds = 0;
        while (fleet.state().cells().size() < seeds.size() && rounds++ < 100) {
            run(100, all);
        }
        assertThat(fleet.state().cells().stream().filter(cell -> cell.observers().size() > 1))
                .as("those that were asked while the last were on their way")
                .hasSizeLessThanOrEqualTo(64);
        run(5_000, all);
        assertThat(connected(all)).hasSize(2 * seeds.size());
    }

    @Test
    void cellsOfWhichNothingComesKeepNoOthersWaiting() {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            seeds.add("http://lost" + i + ":9640");
        }
        cell("c", 3, 3);
        seeds.add("http://a1:9640");
        Follower all = follower("q1", fleet, seeds);
        run(5_000, all);
        assertThat(connected(all)).hasSize(2);
    }

    @Test
    void asksAgainOnlyAfterAPause() {
        run(10_000);
        assertThat(follower.followed()).hasSizeLessThanOrEqualTo(1);
        // 250 ms doubled up to 5 s, each at most halved
        assertThat(follower.stats().opened()).isBetween(4L, 14L);
        assertThat(fleet.state().cells()).isEmpty();
    }

    @Test
    void repairsACopyThatDiffers() {
        cell("c", 4, 4);
        run(3_000);
        agents.spoilDeltas(true);
        agents.change("a1", m -> m.with(new Upness.Down(7, Cause.HOST_DOWN), m.services()));
        run(1_000);
        agents.spoilDeltas(false);
        assertThat(follower.stats().mismatches()).isEqualTo(2);
        assertThat(fleet.state().cells().getFirst().host("a1").orElseThrow().isUp()).isTrue();
        run(3_000);
        assertThat(fleet.state().cells().getFirst().host("a1").orElseThrow().upness())
                .isEqualTo(new Upness.Down(7, Cause.HOST_DOWN));
        assertThat(follower.stats().repairs()).isGreaterThanOrEqualTo(2);
        assertThat(follower.followed()).allMatch(Followed::matches);
    }

    @Test
    void theWholeOfACellComesOnce() {
        cell("c", 40, 4);
        run(3_000);
        assertThat(connected(follower)).hasSize(2);
        long once = follower.stats().bytes();
        agents.urls().forEach(url -> agents.freeze(url, true));
        run(4_000);
        assertThat(connected(follower)).isEmpty();
        agents.urls().forEach(url -> agents.freeze(url, false));
        long before = follower.stats().bytes();
        run(8_000);
        assertThat(connected(follower)).hasSize(2);
        // deltas without a line and keep-alives of eight seconds
        assertThat(follower.stats().bytes() - before).isLessThan(once);
        assertThat(before).isLessThan(once + 2_000);
    }

    @Test
    void aStreamThatNobodyCanReplaceIsKeptWhileItIsLate() {
        cell("c", 2, 2);
        run(3_000);
        long opened = follower.stats().opened();
        for (int i = 0; i < 4; i++) {
            agents.urls().forEach(url -> agents.freeze(url, true));
            run(4_000);
            assertThat(connected(follower)).isEmpty();
            agents.urls().forEach(url -> agents.freeze(url, false));
            run(2_000);
            assertThat(connected(follower)).hasSize(2);
        }
        assertThat(follower.stats().opened()).isEqualTo(opened);
        agents.urls().forEach(url -> agents.freeze(url, true));
        run(12_000);
        assertThat(follower.stats().opened()).isGreaterThan(opened);
    }

    @Test
    void givesUpAStreamOfDamagedFrames() {
        cell("c", 4, 4);
        run(3_000);
        agents.damage(true);
        agents.change("a1", m -> m.with(new Upness.Down(7, Cause.HOST_DOWN), m.services()));
        run(2_000);
        assertThat(follower.stats().refusedFrames()).isPositive();
        agents.damage(false);
        run(8_000);
        assertThat(connected(follower)).hasSize(2);
        assertThat(fleet.state().cells().getFirst().host("a1").orElseThrow().isUp()).isFalse();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void twoNodesSayTheSameAfterEveryFaultHasHealed(long seed) {
        var random = new Random(seed);
        cell("c", 8, 3);
        FleetView second = view();
        Follower other = follower("q2", second, List.of("http://a1:9640"));
        run(3_000, follower, other);
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(8)) {
                case 0 -> agents.freeze("http://a" + (1 + random.nextInt(8)) + ":9640", true);
                case 1 -> agents.freeze("http://a" + (1 + random.nextInt(8)) + ":9640", false);
                case 2 -> agents.spoilDeltas(random.nextBoolean());
                case 3 -> agents.damage(random.nextInt(4) == 0);
                default -> {
                    long nowMs = i;
                    agents.change(
                            "a" + (1 + random.nextInt(8)),
                            m ->
                                    m.with(
                                            random.nextBoolean()
                                                    ? new Upness.Up(nowMs)
                                                    : new Upness.Down(nowMs, Cause.HOST_DOWN),
                                            m.services()));
                }
            }
            run(random.nextInt(1_000), follower, other);
        }
        agents.spoilDeltas(false);
        agents.damage(false);
        agents.urls().forEach(url -> agents.freeze(url, false));
        run(10_000, follower, other);
        FleetState a = fleet.state();
        FleetState b = second.state();
        assertThat(a.cells().getFirst().hash()).isEqualTo(b.cells().getFirst().hash());
        assertThat(a.coverage()).isEqualTo(1);
        for (HostState host : a.cells().getFirst().hosts()) {
            assertThat(host.upness()).isEqualTo(agents.member(host.host()).upness());
        }
    }

    private void cell(String cell, int hosts, int racks) {
        for (int i = 1; i <= hosts; i++) {
            String host = (cell.equals("c") ? "a" : cell) + i;
            List<ServiceState> services =
                    List.of(
                            ServiceState.own("shop", host + ":1", true, "", 5),
                            ServiceState.own("shop", host + ":2", true, "", 5),
                            ServiceState.own("db", host + ":3", true, "", 6));
            agents.add(
                    cell,
                    new Member(
                            host,
                            "http://" + host + ":9640",
                            "",
                            new Place("z", "r" + i % racks),
                            1,
                            new Upness.Up(3),
                            Cause.NONE,
                            Optional.empty(),
                            false,
                            services,
                            4,
                            1,
                            1));
        }
    }

    private FleetView view() {
        return new FleetView(
                Duration.ofSeconds(3),
                () -> Instant.ofEpochMilli(1_700_000_000_000L + agents.nowMs()),
                agents::nanoTime);
    }

    private Follower follower(String node, FleetView of, List<String> seeds) {
        return new Follower(
                FollowerConfig.of(seeds, node),
                of,
                CellAddresses.NONE,
                agents,
                agents::nanoTime,
                new Random(1),
                new FollowerStats());
    }

    private void run(long forMs) {
        run(forMs, follower);
    }

    private void run(long forMs, Follower... followers) {
        long untilNanos = agents.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
        while (agents.nanoTime() - untilNanos < 0) {
            agents.step(50);
            if (agents.nowMs() % Follower.TICK_MS == 0) {
                for (Follower each : followers) {
                    each.tick();
                }
            }
        }
    }

    private static List<String> connected(Follower of) {
        return List.copyOf(
                new TreeSet<>(
                        of.followed().stream()
                                .filter(Followed::connected)
                                .map(Followed::url)
                                .toList()));
    }
}
