package dev.muster.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.CrossWatch;
import dev.muster.federation.directory.CrossWatch.Verdict;
import dev.muster.federation.directory.DirectoryGossip;
import dev.muster.federation.directory.DirectoryTable;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Four cells of three agents each in as many zones, on one clock and a network in memory.
class FleetWatchTest {
    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();

    /// One agent.
    private final class Node {
        final String cell;
        final String host;
        final DirectoryPart directory;
        final CellSpeech speech;
        final WatchPart watch;

        Node(String cell, String host, String secret) {
            this.cell = cell;
            this.host = host;
            PeerCalls peers = FleetWatchTest.this::call;
            directory =
                    new DirectoryPart(
                            new DirectoryGossip(
                                    new DirectoryTable(), url(), 3, new Random(host.hashCode())),
                            Optional.of(new FleetSeal(secret)),
                            peers,
                            Clock.systemUTC(),
                            nowMs::get);
            speech = new CellSpeech(directory, host, "zone-" + cell);
            watch =
                    new WatchPart(
                            directory,
                            new Rosters(peers, nowMs::get),
                            url -> dead.contains(url) ? ProbeResult.SILENT : ProbeResult.ALIVE,
                            Clock.systemUTC(),
                            host,
                            "zone-" + cell);
        }

        String url() {
            return "http://" + host + ":9640";
        }

        CellView view() {
            List<Member> members = new ArrayList<>();
            for (Node node : nodes.values()) {
                if (node.cell.equals(cell)) {
                    Upness upness =
                            dead.contains(node.url())
                                    ? new Upness.Suspect(1, Cause.PARTIAL)
                                    : new Upness.Up(1);
                    members.add(
                            new Member(
                                    node.host,
                                    node.url(),
                                    7,
                                    upness,
                                    List.<ServiceState>of(),
                                    1,
                                    1,
                                    1));
                }
            }
            return new CellView(cell, host, dead.size(), members, false, 7, true, 1);
        }
    }

    private void call(
            String url,
            String path,
            Optional<byte[]> body,
            Optional<String> seal,
            Consumer<Optional<PeerAnswer>> then) {
        Node node =
                nodes.values().stream().filter(n -> n.url().equals(url)).findFirst().orElse(null);
        if (node == null || dead.contains(url)) {
            then.accept(Optional.empty());
        } else if (body.isPresent()) {
            then.accept(Optional.of(node.directory.answer(body.get(), seal.orElse(null))));
        } else {
            byte[] text = Rosters.text(node.view()).getBytes(StandardCharsets.UTF_8);
            then.accept(Optional.of(new PeerAnswer(200, text, null)));
        }
    }

    private void fleet(int cells, int agents) {
        for (int cell = 0; cell < cells; cell++) {
            for (int agent = 0; agent < agents; agent++) {
                String host = "c" + cell + "h" + agent;
                nodes.put(host, new Node("c" + cell, host, "secret of all"));
            }
        }
    }

    private void second() {
        nowMs.addAndGet(1000);
        List<String> seeds = List.of(nodes.values().iterator().next().url(), "http://c1h0:9640");
        long knocks = 0;
        for (Node node : nodes.values()) {
            if (!dead.contains(node.url())) {
                CellView view = node.view();
                node.speech.round(view, 3, nowMs.get());
                node.directory.round(seeds, Set.of());
                node.watch.round(view, node.speech.rank(view) == 0, nowMs.get());
                knocks += node.watch.knocks();
            }
        }
        assertThat(knocks).isNotNegative();
        // knocks run on threads of their own
        await().pollDelay(Duration.ofMillis(30)).until(() -> true);
    }

    private Node node(String host) {
        return Objects.requireNonNull(nodes.get(host));
    }

    private CrossWatch.Conclusion of(String cell, String seenBy) {
        List<Aged> results = node(seenBy).directory.watch(cell);
        return CrossWatch.cell(results, 4);
    }

    @Test
    void theDeathOfAWholeCellIsKnownInAllOthersInSeconds() {
        fleet(4, 3);
        for (int i = 0; i < 12; i++) {
            second();
        }
        assertThat(node("c3h1").directory.cells()).hasSize(4);
        assertThat(of("c0", "c3h2").verdict()).isNotEqualTo(Verdict.DEAD);
        nodes.values().stream().filter(n -> n.cell.equals("c0")).forEach(n -> dead.add(n.url()));
        int seconds = 0;
        while (of("c0", "c3h2").verdict() != Verdict.DEAD) {
            second();
            assertThat(++seconds).as("seconds").isLessThan(12);
        }
        System.out.printf("watch: cell dead, known after %d s%n", seconds);
        assertThat(of("c0", "c3h2").witnesses()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(of("c1", "c3h2").verdict()).isNotEqualTo(Verdict.DEAD);
        dead.clear();
        for (int i = 0; i < 6; i++) {
            second();
        }
        assertThat(of("c0", "c3h2").verdict()).isEqualTo(Verdict.REACHABLE);
    }

    @Test
    void hostsOfACellWithoutQuorumAreFoundDead() {
        fleet(4, 6);
        for (int i = 0; i < 14; i++) {
            second();
        }
        dead.addAll(List.of("http://c0h1:9640", "http://c0h3:9640", "http://c0h5:9640"));
        for (int i = 0; i < 9; i++) {
            second();
        }
        Node observer = node("c3h2");
        CellEntry entry = observer.directory.cell("c0").orElseThrow();
        assertThat(entry.hasQuorum()).isFalse();
        var hosts = List.of("c0h0", "c0h1", "c0h2", "c0h3", "c0h4", "c0h5");
        assertThat(CrossWatch.deadHosts(entry, hosts, observer.directory.watch("c0"), 4).keySet())
                .isEqualTo(new HashSet<>(List.of("c0h1", "c0h3", "c0h5")));
    }

    @Test
    void whoDoesNotKnowTheSecretLearnsAndTellsNothing() {
        fleet(2, 1);
        Node stranger = new Node("c9", "c9h0", "another secret");
        nodes.put("c9h0", stranger);
        for (int i = 0; i < 5; i++) {
            second();
        }
        assertThat(stranger.directory.cells()).extracting(CellEntry::cell).containsExactly("c9");
        assertThat(node("c0h0").directory.cells())
                .extracting(CellEntry::cell)
                .containsExactly("c0", "c1");
    }
}
