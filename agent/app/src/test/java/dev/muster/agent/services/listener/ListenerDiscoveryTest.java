package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.scrape.ManualTimers;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.RefusedAddress;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerDiscoveryTest {
    private static final PolicyRule WEB =
            new PolicyRule(Map.of(PolicyRule.Field.USER, "web"), Optional.empty());

    @TempDir private Path directory;

    private final ManualTimers clock = new ManualTimers(1_000_000);
    private final AtomicInteger changes = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    private static ListenerPolicy policy(PolicyRule... allow) {
        return new ListenerPolicy(List.of(allow), List.of(), Ports.UNPRIVILEGED);
    }

    private static ListenerSettings settings(ListenerPolicy policy, Path procfs) {
        return new ListenerSettings(policy, Duration.ofSeconds(5), "/metrics", false, procfs, true);
    }

    private DiscoveryContext context(InstantSource time) {
        return DiscoveryBench.context(time, clock, changes::incrementAndGet);
    }

    private ListenerDiscovery discovery(Probe.Result result) {
        Probe probe =
                (host, port) -> {
                    asked.add(host + ":" + port);
                    return result;
                };
        return new ListenerDiscovery(
                settings(policy(WEB), directory), context(clock), probe, pid -> pid == 99);
    }

    private static List<String> addresses(ListenerDiscovery discovery) {
        return discovery.state().groups().stream().map(group -> group.source()).toList();
    }

    private static List<String> reasons(ListenerDiscovery discovery) {
        return discovery.state().refused().stream().map(RefusedAddress::reason).toList();
    }

    @Test
    void offersWhatAnswersWithMetricsUntilItEnds() throws IOException {
        ProcTree tree = new ProcTree(directory);
        tree.sockets(ProcTree.socket("0.0.0.0", 8080, "0A", 5));
        tree.process(12, "api", "/system.slice/api.service", 5);
        ListenerDiscovery discovery = discovery(new Probe.Result.Metrics());
        discovery.round();
        await().untilAsserted(
                        () -> assertThat(addresses(discovery)).containsExactly("127.0.0.1:8080"));
        Labels labels = discovery.state().groups().getFirst().targets().getFirst();
        assertThat(labels.get("__address__")).isEqualTo("127.0.0.1:8080");
        assertThat(labels.get("__metrics_path__")).isEqualTo("/metrics");
        assertThat(labels.get("__meta_listener_systemd_unit")).isEqualTo("api.service");
        int before = changes.get();
        clock.stepWall(10_000_000);
        discovery.round();
        assertThat(asked).hasSize(1);
        assertThat(changes.get()).isEqualTo(before);
        tree.end(12);
        tree.sockets("");
        clock.stepWall(1_000);
        discovery.round();
        assertThat(addresses(discovery)).isEmpty();
        assertThat(changes.get()).isGreaterThan(before);
    }

    @Test
    void remembersWhatItDoesNotOffer() throws IOException {
        ProcTree tree = new ProcTree(directory);
        tree.sockets(
                ProcTree.socket("0.0.0.0", 80, "0A", 5)
                        + ProcTree.socket("0.0.0.0", 8081, "0A", 6)
                        + ProcTree.socket("0.0.0.0", 8082, "0A", 7)
                        + ProcTree.socket("0.0.0.0", 8083, "0A", 8));
        tree.process(12, "one", "/", 5, 6);
        tree.process(13, "root", "/", 7);
        tree.write("13/status", "Name:\tx\nUid:\t0\t0\t0\t0\n");
        tree.process(99, "agent", "/", 8);
        ListenerDiscovery discovery =
                discovery(new Probe.Result.NoMetrics("answers with status 404"));
        discovery.round();
        await().untilAsserted(() ->
                assertThat(reasons(discovery))
                        .containsExactly(
                                "port 80 listens, but policy refuses it: ports=1024-65535",
                                "port 8081 listens and policy allows it (allow[0] user=web), but"
                                        + " GET /metrics: answers with status 404",
                                "port 8082 listens, but policy refuses it: allow: none of 1 rules"
                                        + " matches",
                                "port 8083 listens, but policy refuses it: it is this agent's own"
                                        + " port"));
        assertThat(asked).containsExactly("127.0.0.1:8081");
    }

    @Test
    void asksAgainEverMoreRarely() throws IOException {
        ProcTree tree = new ProcTree(directory);
        tree.sockets(ProcTree.socket("0.0.0.0", 8080, "0A", 5));
        tree.process(12, "api", "/", 5);
        ListenerDiscovery discovery = discovery(new Probe.Result.NoMetrics("no"));
        for (int minute = 0; minute < 24 * 60; minute++) {
            int due = asked.size();
            discovery.round();
            if (asked.size() > due) {
                int now = asked.size();
                await().until(() -> reasons(discovery).size() == 1 && asked.size() == now);
            }
            clock.stepWall(60_000);
        }
        assertThat(asked.size()).isBetween(4, 10);
    }

    @Test
    void leavesWhatSpeaksNoHttpAlone() throws IOException {
        ProcTree tree = new ProcTree(directory);
        tree.sockets(ProcTree.socket("0.0.0.0", 8080, "0A", 5));
        tree.process(12, "db", "/", 5);
        ListenerDiscovery discovery = discovery(new Probe.Result.NoHttp("does not speak HTTP"));
        discovery.round();
        await().untilAsserted(() ->
                assertThat(reasons(discovery).getFirst()).endsWith("does not speak HTTP"));
        clock.stepWall(100_000_000_000L);
        discovery.round();
        assertThat(asked).hasSize(1);
    }

    @Test
    void findsRealSocketsOfThisProcess() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "needs a procfs");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/metrics",
                exchange -> {
                    byte[] body = "up_since 1\n".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        int port = server.getAddress().getPort();
        PolicyRule these =
                new PolicyRule(Map.of(), Ports.parse(port + "," + silent.getLocalPort()));
        ListenerDiscovery discovery =
                new ListenerDiscovery(
                        settings(policy(these), Path.of("/proc")),
                        context(InstantSource.system()),
                        new HttpProbe("/metrics", false, System::nanoTime),
                        _ -> false);
        discovery.start();
        try {
            await().untilAsserted(() ->
                    assertThat(addresses(discovery)).containsExactly("127.0.0.1:" + port));
            Labels labels = discovery.state().groups().getFirst().targets().getFirst();
            assertThat(labels.get("__meta_listener_pid"))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThat(labels.get("__meta_listener_exe")).endsWith("/java");
            assertThat(labels.get("__meta_listener_comm")).isEqualTo("java");
            await().untilAsserted(() ->
                    assertThat(reasons(discovery))
                            .anyMatch(reason -> reason.endsWith("no answer within 2000 ms")));
            server.stop(0);
            await().untilAsserted(() -> assertThat(addresses(discovery)).isEmpty());
        } finally {
            discovery.close();
            server.stop(0);
            silent.close();
        }
    }
}
