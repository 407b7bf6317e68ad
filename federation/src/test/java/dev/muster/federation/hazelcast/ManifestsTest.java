package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.StateHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    private static final Manifest EARLY = manifest(1, "no targets yet");
    private static final Manifest LATE = manifest(2, "one target");

    /// What agents answer, by path below the port.
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    @TempDir private Path directory;
    private HttpServer http;
    private Manifests manifests;
    private List<RosterEntry> roster;

    private static Manifest manifest(long seq, String content) {
        return new Manifest("lost", 7, seq, content.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/",
                exchange -> {
                    String uri = exchange.getRequestURI().toString();
                    asked.add(uri);
                    byte[] answer = answers.getOrDefault(uri, new byte[0]);
                    exchange.sendResponseHeaders(
                            answer.length == 0 ? 404 : 200,
                            answer.length == 0 ? -1 : answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        http.start();
        manifests = new Manifests("c1", "self", new ManifestStore("c1", directory));
        roster = List.of(entry("self"), entry("lost"), entry("peer"), entry("other"));
        manifests.received("lost", EARLY.encode("c1"));
        manifests.announced(StateHash.ofHost("lost"), LATE.hash());
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    private RosterEntry entry(String host) {
        return new RosterEntry(
                host,
                "http://127.0.0.1:" + http.getAddress().getPort() + "/" + host,
                "",
                Place.NONE,
                7,
                RosterEntry.Presence.ACTIVE);
    }

    private static String uri(String host) {
        return "/" + host + "/api/v1/cell/manifest?host=lost";
    }

    private void awaitPulls(int count) {
        await().until(() -> manifests.pulls() == count);
    }

    @Test
    void asksTheAgentThatNamesANewerOne() {
        answers.put(uri("lost"), LATE.encode("c1"));
        manifests.tick(roster, 0);
        manifests.tick(roster, 2_999);
        assertThat(manifests.pulls()).isZero();
        manifests.tick(roster, 3_000);
        awaitPulls(1);
        assertThat(manifests.hash("lost")).isEqualTo(LATE.hash());
        assertThat(asked).containsExactly(uri("lost"));
        assertThat(manifests.pullFailures()).isZero();
    }

    @Test
    void asksOthersWhereTheAgentIsGoneAndTheOneThatHasIt() {
        answers.put(uri("peer"), EARLY.encode("c1")); // as old as the own
        answers.put(uri("other"), LATE.encode("c1"));
        manifests.tick(roster, 0);
        manifests.tick(roster, 3_000);
        awaitPulls(1);
        assertThat(manifests.hash("lost")).isEqualTo(LATE.hash());
        assertThat(asked)
                .startsWith(uri("lost"))
                .contains(uri("other"))
                .doesNotContain(uri("self"));
    }

    @Test
    void asksAgainSoonWhereNobodyAnswersAndRarelyWhereAllHaveAnOlderOne() {
        manifests.tick(roster, 0);
        manifests.tick(roster, 3_000);
        awaitPulls(1);
        assertThat(manifests.pullFailures()).isEqualTo(1);
        assertThat(asked).hasSize(3);

        answers.put(uri("peer"), EARLY.encode("c1"));
        manifests.tick(roster, 4_000);
        manifests.tick(roster, 7_000);
        awaitPulls(2);
        assertThat(manifests.pullFailures()).isEqualTo(1);
        assertThat(manifests.hash("lost")).isEqualTo(EARLY.hash());

        manifests.tick(roster, 36_999);
        manifests.tick(roster, 36_999);
        assertThat(manifests.pulls()).isEqualTo(2);
        answers.put(uri("lost"), LATE.encode("c1"));
        manifests.tick(roster, 37_000);
        awaitPulls(3);
        assertThat(manifests.hash("lost")).isEqualTo(LATE.hash());
    }
}
