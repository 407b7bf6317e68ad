package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.muster.federation.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The internal API of Hazelcast that the handshake stands on: to be looked at with every new
/// version of it.
class CellHandshakeTest {
    @TempDir Path directory;

    private final List<Integer> ports = FreePorts.of(2);
    private @Nullable TestAgent started;

    @BeforeEach
    void start() {
        TestAgent agent =
                TestAgent.start(
                        "a",
                        ports.getFirst(),
                        List.of(),
                        directory,
                        config -> config.withSecret("the same secret"));
        await().atMost(Duration.ofSeconds(20)).until(() -> agent.cell().stats().runtime().joined());
        started = agent;
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
    }

    @Test
    void aPlainMemberOfTheSameNameIsRefused() {
        long before = CellHandshake.REFUSED.get();
        var config = new Config().setClusterName("muster-c1-hz57");
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.max.join.seconds", "3");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.mastership.claim.timeout.seconds", "3");
        config.setProperty("hazelcast.operation.call.timeout.millis", "3000");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        var endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(ports.get(1)).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(endpoint);
        var join = config.getAdvancedNetworkConfig().getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.getFirst());
        HazelcastInstance plain = null;
        try {
            plain = Hazelcast.newHazelcastInstance(config);
            assertThat(plain.getCluster().getMembers()).hasSize(1);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("Node failed to start");
        } finally {
            if (plain != null) {
                plain.getLifecycleService().terminate();
            }
        }
        assertThat(CellHandshake.REFUSED.get()).isGreaterThan(before);
        assertThat(Objects.requireNonNull(started).cell().stats().runtime().hazelcastMembers())
                .isEqualTo(1);
    }

    @Test
    void whoIsSilentOrSlowHoldsUpOthersForAQuarterOfASecondAtMost() throws IOException {
        long silent = closedAfterMs(0);
        long dripping = closedAfterMs(50);
        System.out.println("closed after ms: silent=" + silent + ", dripping=" + dripping);
        assertThat(silent).isBetween(200L, 1500L);
        assertThat(dripping).isBetween(200L, 1500L);
    }

    /// Connects and sends a byte now and then, or nothing; waits until the other side ends it.
    private long closedAfterMs(int everyMs) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), ports.getFirst())) {
            long began = System.nanoTime();
            socket.setSoTimeout(everyMs == 0 ? 5000 : everyMs);
            byte[] nonce = new byte[256];
            while (System.nanoTime() - began < Duration.ofSeconds(5).toNanos()) {
                try {
                    if (socket.getInputStream().read(nonce) < 0) {
                        break;
                    }
                } catch (SocketTimeoutException e) {
                    drip(socket);
                } catch (SocketException e) {
                    break; // reset, as bytes of ours were not read
                }
            }
            return (System.nanoTime() - began) / 1_000_000;
        }
    }

    private static void drip(Socket socket) {
        try {
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            // the next read tells
        }
    }
}
