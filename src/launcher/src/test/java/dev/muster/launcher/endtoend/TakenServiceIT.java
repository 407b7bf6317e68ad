package dev.muster.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A service whose agent is killed: peers go on with it, and its history has neither a hole nor a
/// second value, in agents' heads and in blocks, also when the agent is back.
@Timeout(300)
class TakenServiceIT {
    private static final String COUNT = "known_scrapes_total{host=\"a1\"}";
    private static final String UP = "up{host=\"a1\",job=\"known\"}";
    private static final Duration HISTORY = Duration.ofMinutes(10);

    @TempDir Path directory;

    @Test
    void peersGoOnWithTheServicesOfAKilledAgent() throws Exception {
        try (var service = new KnownService();
                var rig = new Rig(directory, 3)) {
            rig.startAgent(1, service.address());
            rig.startAgent(2);
            rig.startAgent(3);
            rig.startQuery();
            var query = rig.query();
            await("all agents are up")
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            List.of("a1", "a2", "a3").stream()
                                    .allMatch(host -> state(query, host).equals("up")));
            await().atMost(Duration.ofSeconds(30)).until(() -> read(query, UP).size() >= 10);

            rig.kill("a1");
            var killedAt = System.nanoTime();
            await("the service is up by a peer's word")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        var known = service(query, service.address());
                        assertThat(known.path("provenance").asText())
                                .as(() -> known + "\n" + takers(rig))
                                .isEqualTo("peer");
                        assertThat(known.path("state").asText()).isEqualTo("up");
                    });
            System.out.printf(
                    "services of a killed agent were known by a peer's word after %d ms%n",
                    (System.nanoTime() - killedAt) / 1_000_000);
            var before = read(query, UP).size();
            await("samples go on")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> read(query, UP).size() >= before + 15);

            rig.startAgent(1, service.address());
            await("a1 is up again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> state(query, "a1").equals("up"));
            var back = read(query, UP).size();
            await("samples go on")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> read(query, UP).size() >= back + 5);
            checkOnce(query);
            await("blocks of what peers took are in the store")
                    .atMost(Duration.ofSeconds(100))
                    .until(() -> takenBlocks(rig.store()) > 0);
            checkOnce(query);
        }
    }

    /// What the two that go on with it have done.
    private static String takers(Rig rig) {
        return Stream.of(2, 3)
                .map(number ->
                        "a"
                                + number
                                + ":\n"
                                + rig.agent(number).metrics("muster_takeover_")
                                + rig.agent(number).metrics("muster_cell_manifest"))
                .collect(Collectors.joining("\n"));
    }

    /// Each second has one value at most, all are 1, and nothing is missing but what nobody could
    /// know.
    private static void checkOnce(QueryClient query) {
        List<Sample> up = read(query, UP);
        List<Sample> counts = read(query, COUNT);
        long longest = 0;
        for (int i = 0; i < up.size(); i++) {
            assertThat(up.get(i).timeMs() % 1000).isZero();
            assertThat(up.get(i).value()).isEqualTo(1);
            if (i > 0) {
                long gap = up.get(i).timeMs() - up.get(i - 1).timeMs();
                assertThat(gap).isPositive();
                longest = Math.max(longest, gap);
            }
        }
        System.out.printf(
                "history of %d s: %d values, longest gap %d ms%n",
                (up.getLast().timeMs() - up.getFirst().timeMs()) / 1000, up.size(), longest);
        assertThat(longest).isLessThanOrEqualTo(8_000);
        for (int i = 1; i < counts.size(); i++) {
            assertThat(counts.get(i).value()).isGreaterThan(counts.get(i - 1).value());
        }
    }

    private static long takenBlocks(Path store) {
        try (Stream<Path> files = Files.walk(store.resolve("v1/series"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("a1@a[23]-.*"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static List<Sample> read(QueryClient query, String selector) {
        return query.samples(selector, System.currentTimeMillis(), HISTORY);
    }

    private static String state(QueryClient query, String host) {
        return member(query, host).path("state").asText("unknown");
    }

    private static JsonNode service(QueryClient query, String instance) {
        for (var cell : cells(query)) {
            for (var service : cell.path("services")) {
                if (service.path("host").asText().equals("a1")
                        && service.path("instance").asText().equals(instance)) {
                    return service;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private static JsonNode cells(QueryClient query) {
        var fleet = query.json("/api/v1/fleet");
        return (fleet.has("data") ? fleet.path("data") : fleet).path("cells");
    }

    private static JsonNode member(QueryClient query, String host) {
        for (var cell : cells(query)) {
            for (var member : cell.path("members")) {
                if (member.path("host").asText().equals(host)) {
                    return member;
                }
            }
        }
        return MissingNode.getInstance();
    }
}
