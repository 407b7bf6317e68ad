package dev.muster.federation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.FreePorts;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryClusterTest {
    private final List<QueryCluster> nodes = new ArrayList<>();
    private final List<Integer> ports = FreePorts.of(3);

    @AfterEach
    void stopAll() {
        nodes.forEach(QueryCluster::crash);
    }

    @Test
    void nodesKnowOfEachOtherOfTheirStatesAndOfWhoIsGone() {
        QueryCluster a = join("a", 0, "the same secret");
        QueryCluster b = join("b", 1, "the same secret");
        QueryCluster c = join("c", 2, "the same secret");
        nodes.forEach(node -> node.become(NodeState.READY));
        within(40, () -> nodes.forEach(node -> assertReady(node, "a", "b", "c")));
        assertThat(a.view().nodes().getLast().url()).isEqualTo("http://127.0.0.1:1/c");

        b.leave();
        within(3, () -> assertReady(a, "a", "c"));
        assertThat(a.view().nodes()).hasSize(3);

        long killed = System.nanoTime();
        c.crash();
        within(6, () -> assertReady(a, "a"));
        System.out.println("crash to gone: ms=" + (System.nanoTime() - killed) / 1_000_000);

        QueryCluster again = join("c", 2, "the same secret");
        again.become(NodeState.READY);
        within(30, () -> assertReady(a, "a", "c"));
    }

    @Test
    void whoDoesNotKnowTheSecretStaysAlone() {
        QueryCluster a = join("a", 0, "the same secret");
        QueryCluster b = join("b", 1, "another secret");
        nodes.forEach(node -> node.become(NodeState.READY));
        within(30, () -> assertThat(a.stats().joined() && b.stats().joined()).isTrue());
        within(10, () -> assertThat(a.stats().refused()).isPositive());
        assertReady(a, "a");
        assertReady(b, "b");
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ClusterConfig config = config("a", taken.getLocalPort(), "the same secret");
            assertThatThrownBy(() -> QueryCluster.join(config, InstantSource.system()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cluster address=127.0.0.1 port=" + taken.getLocalPort());
            assertThat(config.toString()).doesNotContain("the same");
        }
    }

    private QueryCluster join(String name, int index, String secret) {
        QueryCluster node =
                QueryCluster.join(config(name, ports.get(index), secret), InstantSource.system());
        nodes.add(node);
        return node;
    }

    private ClusterConfig config(String name, int port, String secret) {
        return new ClusterConfig(
                "test",
                name,
                "http://127.0.0.1:1/" + name,
                "127.0.0.1",
                port,
                ports.stream().map(other -> "127.0.0.1:" + other).toList(),
                secret);
    }

    private static void assertReady(QueryCluster node, String... names) {
        assertThat(node.view().ready()).extracting(Node::name).containsExactly(names);
    }

    private static void within(int seconds, ThrowingRunnable condition) {
        await().atMost(Duration.ofSeconds(seconds))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(condition);
    }
}
