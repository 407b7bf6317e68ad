package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.SimulatedCell.Agent;
import dev.muster.federation.detect.SimulatedCell.Change;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorSimulationTest {
    private static final ServiceState SHOP = ServiceState.own("shop", "shop:1", true, "", 7);

    static LongStream seeds() {
        return Seeds.few();
    }

    static Stream<Arguments> seedsAndSizes() {
        return Seeds.few()
                .boxed()
                .flatMap(seed -> Stream.of(3, 4, 5, 8, 16).map(size -> Arguments.of(seed, size)));
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void nobodyIsCalledDownWhileThirtyPercentAreLost(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        cell.http = false;
        cell.loss = 0.3;
        cell.run(600_000);
        assertThat(cell.downs()).isEmpty();
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void aPausedAgentDoesNotMakeOthersDown(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        for (int i = 0; i < size; i++) {
            cell.pause(i, 500 + cell.random.nextInt(9500));
            cell.run(30_000);
            String paused = SimulatedCell.host(i);
            assertThat(cell.downs())
                    .allMatch(
                            change -> change.host().equals(paused) && !change.by().equals(paused));
            cell.changes.clear();
        }
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void anySingleCutLinkMakesNobodyDown(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        int a = cell.random.nextInt(size);
        int b = (a + 1 + cell.random.nextInt(size - 1)) % size;
        cell.cut(a, b);
        cell.run(30_000);
        cell.cutBoth(a, b);
        cell.run(60_000);
        assertThat(cell.downs()).isEmpty();
        Upness seen = cell.agent(b).sees(SimulatedCell.host(a));
        assertThat(seen.why()).contains(Cause.PARTIAL);
        cell.heal();
        cell.run(3_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 10, 50})
    void anEvenSplitMakesNobodyDown(int size) {
        var cell = new SimulatedCell(3, size);
        cell.split(size / 2);
        cell.run(40_000);
        assertThat(cell.downs()).isEmpty();
        cell.heal();
        cell.run(5_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void aKilledAgentIsDownEverywhereWithinASecond(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        cell.report(1, SHOP);
        cell.run(1_000 + cell.random.nextInt(1_000));
        long killed = cell.nowMs();
        cell.kill(1);
        cell.run(5_000);
        assertThat(cell.downEverywhereAtMs("h01") - killed).isBetween(1L, 1_000L);
        assertThat(onlyDown(cell)).isEqualTo("h01");
        for (Agent observer : cell.running()) {
            assertThat(observer.sees("h01").why()).contains(Cause.AGENT_DOWN);
            assertThat(observer.facts()).contains("h01 1 down [shop:1=true ]");
        }
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void aHostWithoutPowerIsDownEverywhereWithinThreeSecondsFourInASmallCell(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        cell.run(cell.random.nextInt(1_000));
        long off = cell.nowMs();
        cell.powerOff(1);
        cell.run(8_000);
        assertThat(cell.downEverywhereAtMs("h01") - off)
                .isBetween(1_000L, size < Quorum.SMALL ? 4_000L : 3_000L);
        assertThat(onlyDown(cell)).isEqualTo("h01");
        assertThat(cell.agent(0).sees("h01").why()).contains(Cause.HOST_DOWN);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aFrozenAgentIsStalledAndComesBack(long seed) {
        var cell = new SimulatedCell(seed, 3);
        cell.pause(2, 8_000);
        cell.run(4_000);
        assertThat(cell.agent(0).sees("h02").why()).contains(Cause.AGENT_STALLED);
        assertThat(cell.agent(1).sees("h02")).isInstanceOf(Upness.Down.class);
        cell.run(6_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aRackIsDownAndNoOther(long seed) {
        var cell = new SimulatedCell(seed, 50);
        cell.loss = 0.05;
        cell.run(5_000);
        IntStream.range(10, 20).forEach(cell::powerOff);
        cell.run(6_000);
        for (Agent observer : cell.running()) {
            for (int i = 10; i < 20; i++) {
                assertThat(observer.sees(SimulatedCell.host(i))).isInstanceOf(Upness.Down.class);
            }
        }
        assertThat(cell.downs()).allMatch(change -> change.host().matches("h1[0-9]"));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void pausesOfATenthOfTheAgentsMakeNoOtherDown(long seed) {
        var cell = new SimulatedCell(seed, 30);
        IntStream.of(3, 13, 23).forEach(i -> cell.pause(i, 3_000));
        cell.run(20_000);
        assertThat(cell.downs()).allMatch(change -> change.host().matches("h[012]3"));
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @Test
    void theLastSurvivorKnowsWhoseProcessIsGone() {
        var cell = new SimulatedCell(1, 3);
        cell.kill(1);
        cell.kill(2);
        cell.run(4_000);
        assertThat(cell.agent(0).sees("h01").why()).contains(Cause.AGENT_DOWN);
        assertThat(cell.agent(0).sees("h02").why()).contains(Cause.AGENT_DOWN);
    }

    @Test
    void theLastSurvivorDoesNotTakeSilenceForDown() {
        var cell = new SimulatedCell(1, 3);
        cell.powerOff(1);
        cell.powerOff(2);
        cell.run(60_000);
        assertThat(cell.downs()).isEmpty();
        assertThat(cell.agent(0).sees("h01").why()).contains(Cause.UNREACHABLE);
    }

    @Test
    void oneOfTwoKnowsAnEndFromACutLink() {
        var cell = new SimulatedCell(1, 2);
        cell.cutBoth(0, 1);
        cell.run(30_000);
        assertThat(cell.agent(0).sees("h01").why()).contains(Cause.UNREACHABLE);
        assertThat(cell.downs()).isEmpty();
        cell.heal();
        cell.run(2_000);
        cell.kill(1);
        cell.run(1_000);
        assertThat(cell.agent(0).sees("h01").why()).contains(Cause.AGENT_DOWN);
    }

    @ParameterizedTest(name = "seed={0} size={1}")
    @MethodSource("seedsAndSizes")
    void aRestartedAgentComesBackClean(long seed, int size) {
        var cell = new SimulatedCell(seed, size);
        cell.report(1, SHOP);
        cell.run(2_000);
        cell.kill(1);
        cell.run(4_000);
        cell.start("h01");
        cell.run(1_500);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
        assertThat(cell.agent(0).facts()).contains("h01 2 up [shop:1=true ]");
        cell.report(1, SHOP);
        cell.run(2_000);
        assertThat(cell.agent(0).facts()).contains("h01 2 up [shop:1=true ]");
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aBrokenBusIsNoStateChange(long seed) {
        var cell = new SimulatedCell(seed, 5);
        cell.changes.clear();
        cell.loss = 1;
        cell.busOnlyLoss = true;
        cell.run(60_000);
        assertThat(cell.changes).isEmpty();
        assertThat(cell.agent(0).state().degraded()).isTrue();
    }

    @Test
    void leavingIsQuiet() {
        var cell = new SimulatedCell(1, 4);
        cell.report(2, SHOP);
        cell.run(1_000);
        cell.leave(2);
        cell.run(60_000);
        assertThat(cell.downs()).isEmpty();
        for (Agent observer : cell.running()) {
            assertThat(observer.facts()).contains("h02 1 left []");
        }
        cell.start("h02");
        cell.run(2_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aMassRestartLeavesNobodyBehind(long seed) {
        var cell = new SimulatedCell(seed, 12);
        IntStream.range(0, 12).forEach(cell::kill);
        cell.run(20_000);
        IntStream.range(0, 12).forEach(i -> cell.start(SimulatedCell.host(i)));
        cell.run(4_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
    }

    @Test
    void sixtySixThatJoinAtOnceAgreeOnSixtyFour() {
        long seed = seeds().findFirst().orElseThrow();
        var cell = new SimulatedCell(seed, 66);
        cell.run(10_000);
        List<Integer> left =
                IntStream.range(0, 66)
                        .filter(i -> cell.agent(i).state().surplus())
                        .boxed()
                        .toList();
        // all are in their first run, so that the names decide
        assertThat(left).containsExactly(64, 65);
        var hosts =
                IntStream.range(0, 64)
                        .mapToObj(i -> cell.agent(i).state().roster.hash())
                        .distinct()
                        .toList();
        assertThat(hosts).as("one roster").hasSize(1);
    }

    @Test
    void anAgentThatLostItsDiskIsTakenForANewRun() {
        var cell = new SimulatedCell(1, 3);
        cell.kill(1);
        cell.start("h01");
        cell.run(3_000);
        cell.kill(1);
        cell.run(3_000);
        cell.forgetDisk(1);
        cell.start("h01");
        cell.run(5_000);
        assertThat(everyoneSeesEveryone(cell, "up")).isTrue();
        assertThat(cell.agent(1).state().incarnation()).isGreaterThan(2);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void allAgreeTenSecondsAfterAnyTroubleEndsIfAQuorumLives(long seed) {
        var cell = new SimulatedCell(seed, 7);
        for (int round = 0; round < 40; round++) {
            trouble(cell);
            cell.run(cell.random.nextInt(6_000));
        }
        cell.heal();
        cell.run(10_000);
        List<Agent> running = cell.running();
        List<String> facts = common(running.getFirst());
        for (Agent observer : running) {
            assertThat(common(observer))
                    .as("seed=%d observer=%s", seed, observer.host)
                    .isEqualTo(facts);
        }
        for (Agent agent : cell.agents.values()) {
            Predicate<String> expected = agent.runs() ? "up"::equals : label -> !label.equals("up");
            assertThat(running.getFirst().sees(agent.host).label()).matches(expected);
        }
    }

    /// What all must agree on: causes depend on the evidence that each had, and services of the
    /// dead come by another way.
    private static List<String> common(Agent observer) {
        return observer.facts().stream()
                .map(fact ->
                        fact.contains(" up ")
                                ? fact
                                : fact.replaceFirst(" \\d+ left.*", " left")
                                        .replaceFirst("\\[.*", ""))
                .toList();
    }

    private static void trouble(SimulatedCell cell) {
        int i = cell.random.nextInt(7);
        boolean runs = cell.agent(i).runs();
        switch (cell.random.nextInt(9)) {
            case 0 -> cell.loss = cell.random.nextDouble() * 0.6;
            case 1 -> cell.cutBoth(i, (i + 1 + cell.random.nextInt(6)) % 7);
            case 2 -> cell.split(1 + cell.random.nextInt(6));
            case 3 -> cell.heal();
            case 4 -> cell.pause(i, cell.random.nextInt(8_000));
            case 5 -> end(cell, i, runs);
            case 6, 7 -> {
                if (!runs) {
                    cell.start(SimulatedCell.host(i));
                    cell.report(i);
                } else {
                    boolean up = cell.random.nextBoolean();
                    cell.report(
                            i,
                            ServiceState.own("j", "s" + i, up, up ? "" : "timeout", cell.nowMs()));
                }
            }
            default -> cell.delayMs = 1 + cell.random.nextInt(1_000);
        }
    }

    private static void end(SimulatedCell cell, int i, boolean runs) {
        if (!runs || cell.running().size() < 6) {
            return;
        }
        switch (cell.random.nextInt(3)) {
            case 0 -> cell.kill(i);
            case 1 -> cell.powerOff(i);
            default -> cell.leave(i);
        }
    }

    private static String onlyDown(SimulatedCell cell) {
        return String.join(",", cell.downs().stream().map(Change::host).distinct().toList());
    }

    private static boolean everyoneSeesEveryone(SimulatedCell cell, String label) {
        Optional<String> odd =
                cell.running().stream()
                        .flatMap(a ->
                                cell.agents.keySet().stream()
                                        .filter(h -> !a.sees(h).label().equals(label))
                                        .map(h -> a.host + " sees " + h + " " + a.sees(h)))
                        .findFirst();
        odd.ifPresent(System.out::println);
        return odd.isEmpty();
    }
}
