package dev.muster.federation.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.StateHash;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UdpMeshTest {
    private final List<Agent> agents = new ArrayList<>();

    @AfterEach
    void close() {
        agents.forEach(agent -> agent.mesh().close());
    }

    @Test
    void beatsReachAllAndSayWhetherOneIsHeard() throws IOException {
        Agent a = agent("a", "127.0.2.1", "secret of all");
        Agent b = agent("b", "127.0.2.2", "secret of all");
        Agent c = agent("c", "127.0.2.3", "secret of all");
        acquaint(a, b, c);
        a.mesh().manifest(77);
        within(() -> {
            a.beat();
            b.beat();
            assertThat(b.beats).contains("a 77");
            assertThat(c.beats).contains("a 77", "b 0");
            assertThat(a.mesh().isMutual("b")).isTrue();
            assertThat(b.mesh().isMutual("a")).isTrue();
        });
        assertThat(c.mesh().hears("a")).isTrue();
        assertThat(c.mesh().isMutual("a")).isFalse();
        assertThat(a.mesh().hears("c")).isFalse();
        assertThat(c.mesh().heard()).isEqualTo(2);
    }

    @Test
    void oneWhoIsOnlyHeardIsToldSo() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "secret of all");
        acquaint(a, b);
        b.deaf = true;
        within(() -> {
            a.beat();
            b.beat();
            assertThat(a.mesh().hears("b")).isTrue();
        });
        assertThat(a.mesh().isMutual("b")).isFalse();
        assertThat(b.mesh().isMutual("a")).isFalse();
    }

    @Test
    void beatsMayWaitUntilThereIsNews() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "secret of all");
        acquaint(a, b);
        a.beat();
        within(() -> assertThat(b.beats).contains("a 0"));
        assertThat(b.mesh().isCalm()).isTrue();
        a.mesh().send(bytes("news"));
        within(() -> assertThat(b.frames).containsExactly("a news"));
        assertThat(b.mesh().isCalm()).isFalse();
        assertThat(a.mesh().isCalm()).isTrue();
        a.mesh().hurry();
        assertThat(a.mesh().isCalm()).isFalse();
    }

    @Test
    void largeFramesTravelInParts() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "secret of all");
        acquaint(a, b);
        byte[] large = new byte[60_000];
        Arrays.fill(large, (byte) 'x');
        a.mesh().send(large);
        a.mesh().sendTo(bytes("small"), List.of("b", "unknown"));
        within(() -> assertThat(b.frames).containsExactlyInAnyOrder("a small", "a " + text(large)));
        a.mesh().send(new byte[Parts.SIZE_LIMIT + 1]);
        assertThat(a.mesh().stats().oversized()).isEqualTo(1);
    }

    @Test
    void someoneUnknownMaySpeakFirstButNotBeat() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "secret of all");
        b.mesh().send(bytes("hello"), List.of(a.address()));
        within(() -> assertThat(a.frames).containsExactly("? hello"));
        acquaintOneWay(b, a);
        b.beat();
        within(() -> assertThat(a.mesh().stats().strangers()).isEqualTo(1));
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotEvenDecoded() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "another secret");
        acquaint(a, b);
        b.beat();
        b.mesh().send(bytes("hello"));
        within(() -> assertThat(a.mesh().stats().unsealed()).isEqualTo(2));
        assertThat(a.beats).isEmpty();
        assertThat(a.frames).isEmpty();
    }

    @Test
    void whatIsNoDatagramIsCountedAndDoesNoHarm() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Agent b = agent("b", "127.0.0.1", "secret of all");
        acquaint(a, b);
        long seed = Long.getLong("seed", 7);
        System.out.println("seed=" + seed);
        var random = new SplittableRandom(seed);
        try (var socket = new DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                socket.send(new DatagramPacket(noise, noise.length, a.address()));
            }
        }
        within(() -> assertThat(a.mesh().stats().unsealed()).isEqualTo(500));
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[8 + random.nextInt(200)];
            random.nextBytes(noise);
            noise[0] = (byte) random.nextInt(5);
            var sealed = java.nio.ByteBuffer.allocate(noise.length + Seal.BYTES).put(noise);
            Seal.of("c1", Optional.of("secret of all")).close(sealed);
            try (var socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(sealed.array(), sealed.capacity(), a.address()));
            }
        }
        within(() -> assertThat(a.mesh().stats().received()).isEqualTo(700));
        b.beat();
        within(() -> assertThat(a.beats).contains("b 0"));
    }

    @Test
    void saysThatThePortIsInUse() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        var config = new UdpConfig("c1", "b", "127.0.0.1", a.address().getPort(), Optional.empty());
        assertThatThrownBy(() -> UdpMesh.open(config, a, (peer, out) -> true))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cell address=127.0.0.1 udpPort="
                                + a.address().getPort()
                                + ": port must be free to take datagrams on");
    }

    @Test
    void aBeatToAllCostsLittle() throws IOException {
        Agent a = agent("a", "127.0.0.1", "secret of all");
        Map<String, InetSocketAddress> others = new HashMap<>();
        try (var sink = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 63; i++) {
                others.put("peer" + i, (InetSocketAddress) sink.getLocalSocketAddress());
            }
            a.mesh().peers(others);
            byte[] frame = new byte[86];
            for (int i = 0; i < 200; i++) {
                a.mesh().beat(frame);
            }
            UdpStats before = a.mesh().stats();
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                a.mesh().beat(frame);
            }
            long micros = (System.nanoTime() - began) / 1000;
            long bytes = a.mesh().stats().sentBytes() - before.sentBytes();
            System.out.println(
                    "a beat to 63: us="
                            + micros / 200.0
                            + ", bytes with headers="
                            + (bytes / 200.0 + 63 * 28));
            assertThat(a.mesh().stats().sent() - before.sent()).isEqualTo(200 * 63);
        }
    }

    private Agent agent(String host, String ip, String secret) throws IOException {
        var agent = new Agent(host);
        agent.opened =
                UdpMesh.open(
                        new UdpConfig("c1", host, ip, 0, Optional.of(secret)),
                        agent,
                        (peer, out) -> out || !agent.deaf);
        agent.mesh().start();
        agents.add(agent);
        return agent;
    }

    private static void acquaint(Agent... cell) {
        for (Agent one : cell) {
            for (Agent other : cell) {
                acquaintOneWay(one, other);
            }
        }
    }

    private static void acquaintOneWay(Agent one, Agent other) {
        if (one != other) {
            one.others.put(other.host, other.address());
            one.mesh().peers(one.others);
        }
    }

    private static void within(ThrowingRunnable condition) {
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(condition);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /// One end; its beats are just its host's name.
    private static final class Agent implements UdpMesh.Receiver {
        final String host;
        final Map<String, InetSocketAddress> others = new HashMap<>();
        final List<String> beats = new CopyOnWriteArrayList<>();
        final List<String> frames = new CopyOnWriteArrayList<>();
        volatile boolean deaf;
        private @Nullable UdpMesh opened;

        Agent(String host) {
            this.host = host;
        }

        InetSocketAddress address() {
            String at = mesh().address();
            int colon = at.indexOf(':');
            return new InetSocketAddress(
                    at.substring(0, colon), Integer.parseInt(at.substring(colon + 1)));
        }

        UdpMesh mesh() {
            return Objects.requireNonNull(opened);
        }

        void beat() {
            mesh().beat(bytes(host));
        }

        @Override
        public long beat(byte[] frame, int manifest, int hint) throws FrameException {
            if (frame.length > 1) {
                throw new FrameException("beat must be a name: length=" + frame.length);
            }
            beats.add(text(frame) + " " + manifest);
            return StateHash.ofHost(text(frame));
        }

        @Override
        public void frame(byte[] frame, Optional<String> sender) {
            frames.add(sender.orElse("?") + " " + text(frame));
        }
    }
}
