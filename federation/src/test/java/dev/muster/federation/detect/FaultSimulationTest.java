package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.SimulatedCell.Agent;
import dev.muster.federation.detect.SimulatedCell.Told;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every row of the failure matrix, as the members of a cell see it.
class FaultSimulationTest {
    private static final ServiceState SHOP = ServiceState.own("shop", "shop:1", true, "", 7);
    private static final int SIZE = 16;

    static LongStream seeds() {
        return Seeds.few();
    }

    static Stream<Arguments> losses() {
        return Seeds.few()
                .boxed()
                .flatMap(seed ->
                        Stream.of(0.1, 0.2, 0.3, 0.4, 0.5).map(loss -> Arguments.of(seed, loss)));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aDeadHostTakesItsServicesWithIt(long seed) {
        SimulatedCell cell = cell(seed);
        long offMs = cell.nowMs();
        cell.powerOff(5);
        cell.run(5_000);
        for (Agent observer : cell.running()) {
            Member lost = member(observer, 5);
            assertThat(lost.upness().why()).contains(Cause.HOST_DOWN);
            assertThat(lost.services().getFirst().health()).isEqualTo(Health.DOWN);
            assertThat(lost.services().getFirst().provenance()).isEqualTo(Provenance.HOST);
            assertThat(lost.onlookers().witnesses())
                    .hasSizeGreaterThanOrEqualTo(Quorum.needed(SIZE))
                    .doesNotContain(lost.host());
        }
        // told from the last sign of life on, and by a quorum
        assertThat(told(cell, 5, "down"))
                .isNotEmpty()
                .allSatisfy(t -> {
                    long atMs = sinceStart(t);
                    assertThat(atMs).isBetween(offMs - 700, offMs + 100);
                });
        assertThat(told(cell, 5, "down"))
                .anyMatch(t ->
                        t.transition().cause() == Cause.HOST_DOWN
                                && t.transition().isOfHost()
                                && t.transition().witnesses().size() >= Quorum.needed(SIZE));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void servicesOfALostAgentAreLookedAfterByTwoOfOtherRacks(long seed) {
        SimulatedCell cell = cell(seed);
        cell.hints = false;
        cell.kill(5);
        cell.run(6_000);
        List<Agent> takers =
                cell.running().stream().filter(a -> a.taken.containsKey("h05")).toList();
        assertThat(takers).hasSize(2);
        assertThat(takers).noneMatch(a -> a.place.equals(cell.agent(5).place));
        for (Agent observer : cell.running()) {
            Member lost = member(observer, 5);
            assertThat(lost.upness().why()).contains(Cause.AGENT_DOWN);
            assertThat(lost.services().getFirst().up()).isTrue();
            assertThat(lost.services().getFirst().provenance()).isEqualTo(Provenance.PEER);
            assertThat(lost.onlookers().takers())
                    .containsExactlyInAnyOrderElementsOf(takers.stream().map(a -> a.host).toList());
        }
        // the process was there all the time: what was told as unknown is corrected
        assertThat(cell.history)
                .anyMatch(t ->
                        t.transition().host().equals("h05")
                                && t.transition().provenance() == Provenance.INFERRED
                                && t.transition().to().equals("up")
                                && t.transition().version() > 0);
        cell.start("h05");
        cell.report(5, SHOP);
        cell.run(3_000);
        assertThat(cell.running()).noneMatch(a -> a.taken.containsKey("h05"));
        assertThat(member(cell.agent(0), 5).services().getFirst().provenance())
                .isEqualTo(Provenance.OWN);
        assertThat(member(cell.agent(0), 5).onlookers()).isEqualTo(Onlookers.NONE);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void anAnnouncedRestartIsNoLossAndLeavesNoGap(long seed) {
        SimulatedCell cell = cell(seed);
        cell.history.clear();
        cell.changes.clear();
        cell.announce(5, Intent.Kind.RESTARTING, 20_000);
        cell.run(1_500);
        cell.kill(5);
        for (int i = 0; i < 40; i++) {
            cell.run(100);
            for (Agent observer : cell.running()) {
                assertThat(member(observer, 5).services().getFirst().up())
                        .as("ms=%d observer=%s", i * 100, observer.host)
                        .isTrue();
            }
        }
        cell.start("h05");
        cell.run(2_000);
        cell.report(5, SHOP);
        cell.run(3_000);
        assertThat(cell.downs()).isEmpty();
        assertThat(cell.history)
                .noneMatch(t ->
                        t.transition().host().equals("h05")
                                && !t.by().equals("h05")
                                && !t.transition().to().equals("up"));
        assertThat(member(cell.agent(0), 5).upness()).isInstanceOf(Upness.Up.class);
    }

    @Test
    void anAnnouncedRestartThatDoesNotComeBackIsALoss() {
        SimulatedCell cell = cell(1);
        cell.announce(5, Intent.Kind.RESTARTING, 8_000);
        cell.run(1_000);
        cell.powerOff(5);
        cell.run(4_000);
        assertThat(member(cell.agent(0), 5).upness().why()).contains(Cause.RESTARTING);
        assertThat(cell.downs()).isEmpty();
        cell.run(5_000);
        assertThat(member(cell.agent(0), 5).upness().why()).contains(Cause.HOST_DOWN);
    }

    @Test
    void aHostUnderMaintenanceIsNeitherUpNorDown() {
        SimulatedCell cell = cell(1);
        cell.announce(5, Intent.Kind.MAINT, 600_000);
        cell.run(1_000);
        Member worked = member(cell.agent(0), 5);
        assertThat(worked.intent()).map(Intent::kind).contains(Intent.Kind.MAINT);
        assertThat(worked.services().getFirst().health()).isEqualTo(Health.MAINT);
        cell.powerOff(5);
        cell.run(10_000);
        assertThat(cell.downs()).isEmpty();
        assertThat(member(cell.agent(0), 5).services().getFirst().health()).isEqualTo(Health.MAINT);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aRackIsOneEventBesideItsHosts(long seed) {
        SimulatedCell cell = cell(seed);
        IntStream.range(0, SIZE).filter(i -> i % 5 == 2).forEach(cell::powerOff);
        cell.run(6_000);
        for (Agent observer : cell.running()) {
            assertThat(cell.groups.stream().filter(g -> g.by().equals(observer.host)))
                    .singleElement()
                    .satisfies(g ->
                            assertThat(g.group().hosts()).containsExactly("h02", "h07", "h12"));
            assertThat(member(observer, 7).note()).isEqualTo(Cause.RACK_DOWN);
            assertThat(member(observer, 7).upness().why()).contains(Cause.HOST_DOWN);
        }
        assertThat(cell.downs()).allMatch(c -> c.host().matches("h02|h07|h12"));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whoHearsNobodyButIsHeardIsUp(long seed) {
        SimulatedCell cell = cell(seed);
        IntStream.range(0, SIZE).filter(i -> i != 5).forEach(i -> cell.cut(i, 5));
        cell.run(8_000);
        assertThat(cell.downs()).isEmpty();
        for (int i = 0; i < SIZE; i++) {
            if (i != 5) {
                assertThat(member(cell.agent(i), 5).isUp()).isTrue();
                assertThat(member(cell.agent(i), 5).note()).isEqualTo(Cause.ONE_WAY);
            }
        }
        cell.heal();
        cell.run(3_000);
        assertThat(member(cell.agent(0), 5).note()).isEqualTo(Cause.NONE);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void anEvenSplitIsAPartitionAndNobodyIsDown(long seed) {
        SimulatedCell cell = cell(seed);
        cell.split(SIZE / 2);
        cell.run(20_000);
        assertThat(cell.downs()).isEmpty();
        assertThat(member(cell.agent(0), SIZE - 1).upness().why()).contains(Cause.PARTITION);
        assertThat(member(cell.agent(0), SIZE - 1).services())
                .allMatch(s -> s.health() == Health.UNKNOWN);
        cell.heal();
        cell.run(4_000);
        assertThat(cell.running()).allMatch(a -> allUp(a));
    }

    @ParameterizedTest(name = "seed={0} loss={1}")
    @MethodSource("losses")
    void randomLossMakesNobodyDownAndTheDeadAreStillFound(long seed, double loss) {
        SimulatedCell cell = cell(seed);
        cell.http = false;
        cell.loss = loss;
        cell.run(120_000);
        assertThat(cell.downs()).isEmpty();
        long offMs = cell.nowMs();
        cell.powerOff(5);
        cell.run(15_000);
        assertThat(cell.downs()).allMatch(c -> c.host().equals("h05"));
        assertThat(cell.downEverywhereAtMs("h05") - offMs)
                .isBetween(1_000L, loss <= 0.3 ? 4_500L : 15_000L);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void clocksThatStepDecideNothing(long seed) {
        SimulatedCell cell = cell(seed);
        cell.changes.clear();
        for (int i = 0; i < SIZE; i++) {
            cell.stepClock(i, cell.random.nextLong(-3_600_000, 3_600_000));
            cell.run(1_000);
        }
        assertThat(cell.changes).isEmpty();
        assertThat(cell.history).allMatch(t -> t.transition().decidedMs() >= t.transition().atMs());
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aRestartStormEnds(long seed) {
        SimulatedCell cell = cell(seed);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < SIZE; i++) {
                cell.kill(i);
                cell.run(cell.random.nextInt(300));
                cell.start(SimulatedCell.host(i));
                cell.report(i, SHOP);
            }
        }
        cell.run(10_000);
        assertThat(cell.running()).hasSize(SIZE).allMatch(a -> allUp(a));
        assertThat(cell.running()).allMatch(a -> a.taken.isEmpty());
    }

    @Test
    void aServiceThatGoesUpAndDownAllTheTimeIsMarked() {
        SimulatedCell cell = cell(1);
        for (int i = 0; i < 6; i++) {
            cell.report(
                    5, ServiceState.own("shop", "shop:1", i % 2 == 1, i % 2 == 1 ? "" : "x", i));
            cell.run(1_000);
        }
        assertThat(member(cell.agent(0), 5).flapping()).isTrue();
        cell.run(240_000);
        assertThat(member(cell.agent(0), 5).flapping()).isFalse();
    }

    @Test
    void aLateJoinerLearnsTheServicesOfTheDead() {
        SimulatedCell cell = cell(1);
        cell.powerOff(5);
        cell.run(8_000);
        cell.kill(6);
        cell.forgetRoster(6);
        cell.start("h06");
        cell.run(12_000);
        assertThat(member(cell.agent(6), 5).services()).hasSize(1);
    }

    private static SimulatedCell cell(long seed) {
        var cell = new SimulatedCell(seed, SIZE, DetectorConfig.defaults(), 5);
        IntStream.range(0, SIZE).forEach(i -> cell.report(i, SHOP));
        cell.run(2_000 + cell.random.nextInt(500));
        return cell;
    }

    private static Member member(Agent observer, int index) {
        return observer.state().members().stream()
                .filter(m -> m.host().equals(SimulatedCell.host(index)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean allUp(Agent observer) {
        return observer.state().members().stream()
                .allMatch(m -> m.isUp() && m.services().stream().allMatch(ServiceState::up));
    }

    private static List<Told> told(SimulatedCell cell, int index, String to) {
        return cell.history.stream()
                .filter(t ->
                        t.transition().host().equals(SimulatedCell.host(index))
                                && t.transition().to().equals(to))
                .toList();
    }

    /// When it began, on the time of the simulation.
    private static long sinceStart(Told told) {
        Transition t = told.transition();
        return told.atMs() - (t.decidedMs() - t.atMs());
    }
}
