package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import dev.muster.federation.FreePorts;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What an agent sees while one of the ways between agents does not work. Each cell has ports and a
/// directory of its own and waits most of the time, so that several run at once.
@Execution(ExecutionMode.CONCURRENT)
class CellPlanesTest {
    /// Seconds. Members that start at the same moment may come up as two clusters, which look for
    /// each other every ten seconds.
    private static final int START = 60;

    @TempDir Path directory;

    private final List<TestAgent> agents = new ArrayList<>();
    private final List<Integer> ports = FreePorts.of(4);

    @AfterEach
    void stopAll() {
        agents.forEach(TestAgent::close);
    }

    @Test
    void beatsGoByDatagramAndServicesAreTold() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        PlaneStats before = cell.getFirst().planes();
        cell.get(1).cell().report(List.of(shop(true)));
        within(3, () -> assertThat(cell.get(2).servicesOf("b")).containsExactly(shop(true)));
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        PlaneStats after = cell.getFirst().planes();
        assertThat(after.udp().sent() - before.udp().sent()).isBetween(6L, 20L);
        assertThat(after.beatsByBus()).isEqualTo(before.beatsByBus());
        assertThat(cell.getFirst().view().degraded()).isFalse();
    }

    @Test
    void withDatagramsBlockedTheBusCarriesBeatsAndALossIsStillKnown() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        List<Upness> seen = new CopyOnWriteArrayList<>();
        cell.getFirst().cell().subscribe(view -> view.members().forEach(m -> seen.add(m.upness())));

        var hint = new AtomicInteger(5);
        cell.get(1).cell().hint(hint::get);
        within(3, () -> assertThat(hintOf("b", cell.getFirst())).contains(5));

        cell.forEach(agent -> agent.blockDatagrams(true));
        within(
                10,
                () -> {
                    assertThat(cell.getFirst().planes().peersByBusOnly()).isEqualTo(2);
                    assertThat(cell.getFirst().planes().beatsByBus()).isGreaterThan(8);
                });
        within(10, () -> assertThat(hintOf("b", cell.getFirst())).contains(5));
        hint.set(0);
        within(3, () -> assertThat(hintOf("b", cell.getFirst())).isEmpty());
        hint.set(6);
        within(3, () -> assertThat(hintOf("b", cell.getFirst())).contains(6));
        assertThat(seen).allMatch(upness -> upness instanceof Upness.Up);
        allSee("up", cell);
        within(10, () -> assertThat(cell.getFirst().view().degraded()).isTrue());

        long killed = System.nanoTime();
        cell.get(2).kill();
        within(7, () -> allSee("down", "c", cell.subList(0, 2)));
        System.out.println("datagrams blocked, kill to down: ms=" + since(killed));

        cell.subList(0, 2).forEach(agent -> agent.blockDatagrams(false));
        within(5, () -> assertThat(cell.getFirst().planes().peersByBusOnly()).isZero());
    }

    @Test
    void oneCutOffFromDatagramsCostsOneMessageNotOneForEach() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        cell.get(2).blockDatagrams(true);
        within(10, () -> assertThat(cell.getFirst().planes().peersByBusOnly()).isEqualTo(1));
        PlaneStats before = cell.getFirst().planes();
        within(10, () -> assertThat(by(cell.getFirst(), before)).isGreaterThan(6));
        allSee("up", cell);
        assertThat(cell.getFirst().planes().busFrames() - before.busFrames())
                .isLessThan(2 * by(cell.getFirst(), before));
    }

    @Test
    void withoutTheBusDatagramsCarryAllThatIsSaid() {
        List<TestAgent> cell = new ArrayList<>();
        for (int i = 0; i < 3; i++) { // of different generations: they never meet on a bus
            String generation = "gen" + i;
            cell.add(agent(i, config -> config.withGeneration(generation)));
        }
        within(START, () -> allSee("up", cell));
        cell.get(1).cell().report(List.of(shop(true)));
        within(3, () -> assertThat(cell.get(2).servicesOf("b")).containsExactly(shop(true)));
        cell.get(1).cell().report(List.of(shop(false)));
        within(3, () -> assertThat(cell.get(2).servicesOf("b")).containsExactly(shop(false)));
        cell.get(1).cell().manifest(bytes("what b scrapes"));
        within(
                15,
                () ->
                        assertThat(cell.get(0).cell().manifest("b"))
                                .hasValueSatisfying(
                                        m -> assertThat(m).asString().contains("what b")));
        assertThat(cell.get(0).cell().stats().runtime().hazelcastMembers()).isLessThan(2);

        within(10, () -> assertThat(cell.get(0).view().settled()).isTrue());
        long killed = System.nanoTime();
        cell.get(1).kill();
        within(4, () -> allSee("down", "b", List.of(cell.get(0), cell.get(2))));
        System.out.println("no bus, kill to down: ms=" + since(killed));
        assertThat(cell.get(0).cell().manifest("b")).isPresent();
    }

    @Test
    void aBusThatEndsOrCannotMergeIsMadeAnewAndNobodyIsMissed() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        List<Upness> seen = new CopyOnWriteArrayList<>();
        cell.getFirst().cell().subscribe(view -> view.members().forEach(m -> seen.add(m.upness())));

        cell.get(1).member().getLifecycleService().shutdown();
        within(10, () -> assertThat(recreations(cell.get(1))).isEqualTo(1));
        failMerge(cell.get(2).member());
        within(10, () -> assertThat(recreations(cell.get(2))).isEqualTo(1));
        within(
                30,
                () ->
                        assertThat(cell)
                                .allMatch(agent ->
                                        agent.cell().stats().runtime().hazelcastMembers() == 3));
        allSee("up", cell);
        assertThat(seen).allMatch(upness -> upness instanceof Upness.Up);
    }

    @Test
    void rollsFromOneGenerationToTheNextWithoutABlindSecond() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        for (int i = 0; i < 3; i++) {
            cell.get(i).cell().report(List.of(shop(true)));
        }
        within(5, () -> allTell(cell, shop(true)));
        List<Transition> told = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestAgent old = cell.get(i);
            TestAgent witness = cell.get((i + 1) % 3);
            AutoCloseable listening = witness.cell().transitions(told::add);
            old.cell().restart(Duration.ofSeconds(30), Duration.ofMillis(200));
            old.kill();
            TestAgent next = agent(i, config -> config.withGeneration("hz58"));
            cell.set(i, next);
            next.cell().report(List.of(shop(true)));
            within(15, () -> allSee("up", cell));
            within(5, () -> allTell(cell, shop(true)));
            close(listening);
        }
        within(
                30,
                () ->
                        assertThat(cell.getFirst().cell().stats().runtime().hazelcastMembers())
                                .isEqualTo(3));
        assertThat(told).noneMatch(t -> "down".equals(t.to()) && t.cause() != Cause.RESTARTING);
    }

    @Test
    void anAgentWithAnotherSecretIsHeardByNobody() {
        TestAgent a = agent(0, config -> config.withSecret("the same secret"));
        TestAgent b = agent(1, config -> config.withSecret("the same secret"));
        TestAgent c = agent(2, config -> config.withSecret("another secret"));
        within(START, () -> allSee("up", List.of(a, b)));
        within(10, () -> assertThat(a.planes().udp().unsealed()).isPositive());
        assertThat(a.sees("c") + c.sees("a")).isEqualTo("nonenone");
    }

    @Test
    void anAgentThatKnowsNoBusMemberIsMetByDatagram() {
        TestAgent a = agent(0, config -> config.withGeneration("x"));
        TestAgent b = agent(1, config -> config.withGeneration("y"));
        within(START, () -> allSee("up", List.of(a, b)));
    }

    @Test
    void joinsAgainFromItsDiskAloneWhenAllHaveStopped() {
        List<TestAgent> cell = cell(3);
        within(START, () -> allMutual(cell));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> directory.resolve("c/cell-roster").toFile().exists());
        within(
                10,
                () -> assertThat(directory.resolve("c/cell-addresses")).content().hasLineCount(3));
        cell.forEach(TestAgent::kill);
        cell.clear();
        for (int i = 0; i < 3; i++) {
            cell.add(agent(i, config -> config, List.of()));
        }
        within(START, () -> allSee("up", cell));
        within(
                30,
                () ->
                        assertThat(cell.getFirst().cell().stats().runtime().hazelcastMembers())
                                .isEqualTo(3));
    }

    private static Optional<Integer> hintOf(String host, TestAgent observer) {
        return observer.cell().hint(host).map(HintNumber::number);
    }

    private static long by(TestAgent agent, PlaneStats before) {
        return agent.planes().beatsByBus() - before.beatsByBus();
    }

    private List<TestAgent> cell(int size) {
        List<TestAgent> cell = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            cell.add(agent(i, config -> config));
        }
        return cell;
    }

    private TestAgent agent(int index, UnaryOperator<CellConfig> change) {
        return agent(index, change, TestAgent.seeds(ports));
    }

    private TestAgent agent(int index, UnaryOperator<CellConfig> change, List<String> seeds) {
        String host = String.valueOf((char) ('a' + index));
        var agent = TestAgent.start(host, ports.get(index), seeds, directory, change);
        agents.add(agent);
        return agent;
    }

    private static void allMutual(List<TestAgent> cell) {
        for (TestAgent agent : cell) {
            assertThat(agent.planes().peersOnBus()).isEqualTo(cell.size() - 1);
            assertThat(agent.planes().peersByUdp()).isEqualTo(cell.size() - 1);
            assertThat(agent.planes().peersByBusOnly()).isZero();
            assertThat(agent.view().settled()).isTrue();
        }
        allSee("up", cell);
    }

    private static void allSee(String state, List<TestAgent> cell) {
        for (TestAgent member : cell) {
            allSee(state, member.config.host(), cell);
        }
    }

    private static void allSee(String state, String host, List<TestAgent> cell) {
        for (TestAgent observer : cell) {
            assertThat(observer.sees(host)).isEqualTo(state);
        }
    }

    private static void allTell(List<TestAgent> cell, ServiceState state) {
        for (TestAgent observer : cell) {
            for (TestAgent member : cell) {
                assertThat(observer.servicesOf(member.config.host())).containsExactly(state);
            }
        }
    }

    private static void failMerge(HazelcastInstance member) {
        var service = ((HazelcastInstanceProxy) member).getOriginal().getLifecycleService();
        service.fireLifecycleEvent(LifecycleState.MERGE_FAILED);
    }

    private static long recreations(TestAgent agent) {
        return agent.cell().stats().runtime().recreations();
    }

    private static ServiceState shop(boolean up) {
        return new ServiceState(
                "shop",
                "127.0.0.1:8080",
                up ? Health.UP : Health.DOWN,
                Provenance.OWN,
                up ? "" : "connection refused",
                up ? 1000 : 2000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long since(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static void close(AutoCloseable listening) {
        try {
            listening.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void within(int seconds, ThrowingRunnable condition) {
        await().atMost(Duration.ofSeconds(seconds))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(condition);
    }
}
