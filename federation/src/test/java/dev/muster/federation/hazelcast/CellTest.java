package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import dev.muster.federation.FreePorts;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellTest {
    private static final ServiceState SHOP =
            ServiceState.own("shop", "127.0.0.1:8080", true, "", 1000);
    private static final ServiceState SHOP_DOWN =
            ServiceState.own("shop", "127.0.0.1:8080", false, "connection refused", 2000);

    @TempDir Path directory;

    private final List<TestAgent> agents = new ArrayList<>();
    private final List<Integer> ports = FreePorts.of(3);

    @AfterEach
    void stopAll() {
        agents.forEach(TestAgent::close);
    }

    @Test
    void carriesReportsShowsAKilledAgentAndTakesItBack() {
        TestAgent a = start("a", 0);
        TestAgent b = start("b", 1);
        TestAgent c = start("c", 2);
        c.cell().report(List.of(SHOP));
        within(30, () -> allSee("up", a, b, c));
        within(5, () -> assertThat(a.servicesOf("c")).containsExactly(SHOP));
        c.cell().report(List.of(SHOP_DOWN));
        within(2, () -> assertThat(b.servicesOf("c")).containsExactly(SHOP_DOWN));
        within(
                5,
                () ->
                        assertThat(List.of(a.view().settled(), b.view().settled()))
                                .containsOnly(true));
        long run = c.view().observerIncarnation();

        long killed = System.nanoTime();
        c.kill();
        within(3, () -> assertThat(List.of(a.sees("c"), b.sees("c"))).containsOnly("down"));
        System.out.println("kill to down at both: ms=" + (System.nanoTime() - killed) / 1_000_000);
        assertThat(a.view().member("c").orElseThrow().upness().why()).contains(Cause.AGENT_DOWN);
        assertThat(a.servicesOf("c"))
                .singleElement()
                .satisfies(s -> assertThat(s.up()).isFalse())
                .satisfies(s -> assertThat(s.reason()).isEqualTo("agent down"));
        assertThat(a.sees("b") + b.sees("a")).isEqualTo("upup");

        TestAgent again = start("c", 2);
        within(20, () -> assertThat(List.of(a.sees("c"), b.sees("c"))).containsOnly("up"));
        assertThat(a.view().member("c").orElseThrow().incarnation()).isGreaterThan(run);
        again.cell().report(List.of(SHOP));
        within(3, () -> assertThat(a.servicesOf("c")).containsExactly(SHOP));

        again.leave();
        within(3, () -> assertThat(List.of(a.sees("c"), b.sees("c"))).containsOnly("left"));
        assertThat(a.servicesOf("c")).isEmpty();
    }

    @Test
    void aLaterAgentLearnsOfOneThatIsAlreadyDown() {
        TestAgent a = start("a", 0);
        TestAgent b = start("b", 1);
        b.cell().report(List.of(SHOP));
        within(30, () -> assertThat(a.servicesOf("b")).containsExactly(SHOP));
        within(5, () -> assertThat(a.view().settled()).isTrue());
        b.kill();
        within(3, () -> assertThat(a.sees("b")).isEqualTo("down"));
        TestAgent c = start("c", 2);
        within(20, () -> assertThat(c.sees("b")).isEqualTo("down"));
        within(
                20,
                () ->
                        assertThat(c.servicesOf("b"))
                                .singleElement()
                                .satisfies(s -> assertThat(s.reason()).isEqualTo("agent down")));
    }

    @Test
    void makesItsMemberAnewAfterItWasShutDownAndNobodyIsCalledDown() {
        TestAgent a = start("a", 0);
        TestAgent b = start("b", 1);
        within(30, () -> allSee("up", a, b));
        within(5, () -> assertThat(a.view().settled()).isTrue());
        List<Upness> seen = new ArrayList<>();
        a.cell().subscribe(view -> view.member("b").ifPresent(member -> seen.add(member.upness())));
        b.member().getLifecycleService().terminate();
        within(5, () -> assertThat(b.cell().stats().runtime().recreations()).isEqualTo(1));
        within(20, () -> assertThat(b.cell().stats().runtime().hazelcastMembers()).isEqualTo(2));
        within(10, () -> allSee("up", a, b));
        assertThat(seen).noneMatch(upness -> upness instanceof Upness.Down);
    }

    @Test
    void refusesAHazelcastClient() {
        TestAgent a = start("a", 0);
        within(30, () -> assertThat(a.cell().stats().runtime().joined()).isTrue());
        var client = new ClientConfig();
        client.setClusterName("muster-c1-hz57");
        client.getNetworkConfig().addAddress("127.0.0.1:" + ports.getFirst());
        client.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setClusterConnectTimeoutMillis(1000);
        assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(client))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyThoseWhoKnowTheSecretMeet() {
        TestAgent a = start("a", 0, Optional.of("the same secret"));
        TestAgent b = start("b", 1, Optional.of("the same secret"));
        TestAgent c = start("c", 2, Optional.of("another secret"));
        within(30, () -> allSee("up", a, b));
        within(30, () -> assertThat(c.cell().stats().runtime().joined()).isTrue());
        assertThat(c.cell().stats().runtime().hazelcastMembers()).isEqualTo(1);
        assertThat(a.sees("c") + c.sees("a")).isEqualTo("nonenone");
        assertThat(CellHandshake.REFUSED).hasPositiveValue();
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config =
                    CellConfig.of(
                            "c1", "a", "", "127.0.0.1", taken.getLocalPort(), List.of(), directory);
            assertThatThrownBy(() -> Cell.join(config, InstantSource.system()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(
                            "cell address=127.0.0.1 port="
                                    + taken.getLocalPort()
                                    + ": port must be free to listen on");
        }
    }

    private TestAgent start(String host, int index) {
        return start(host, index, Optional.empty());
    }

    private TestAgent start(String host, int index, Optional<String> secret) {
        var agent =
                TestAgent.start(host, ports.get(index), TestAgent.seeds(ports), directory, secret);
        agents.add(agent);
        return agent;
    }

    private static void allSee(String state, TestAgent... cell) {
        for (TestAgent observer : cell) {
            for (TestAgent member : cell) {
                assertThat(observer.sees(member.config.host())).isEqualTo(state);
            }
        }
    }

    private static void within(int seconds, ThrowingRunnable condition) {
        await().atMost(Duration.ofSeconds(seconds))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(condition);
    }
}
