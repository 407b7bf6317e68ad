package dev.muster.launcher.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of an agent: the fleet names it with its cause, and nothing that was acknowledged is
/// lost.
@Timeout(180)
class KilledAgentIT {
    private static final String COUNT = "known_scrapes_total";

    @TempDir Path directory;

    @Test
    void aKilledAgentIsNamedAndLosesNothing() throws Exception {
        try (var service = new KnownService();
                var rig = new Rig(directory, 2)) {
            rig.startAgent(1, service.address());
            rig.startAgent(2);
            rig.startQuery();
            var query = rig.query();
            await("both agents are up")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        assertThat(state(query, "a1")).isEqualTo("up");
                        assertThat(state(query, "a2")).isEqualTo("up");
                    });
            await().atMost(Duration.ofSeconds(30)).until(() -> service.scrapes() >= 10);

            var acknowledged = read(query);
            rig.kill("a1");
            var killedAt = System.nanoTime();
            await("a1 is known to be down")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(state(query, "a1")).isEqualTo("down"));
            System.out.printf(
                    "kill -9 was known at the query node after %d ms%n",
                    (System.nanoTime() - killedAt) / 1_000_000);
            assertThat(member(query, "a1").path("cause").asText()).isIn("AGENT_DOWN", "HOST_DOWN");
            assertThat(state(query, "a2")).isEqualTo("up");
            await("muster_host_up says so")
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(hostUp(query, "a1")).isEqualTo("0"));
            assertThat(hostUp(query, "a2")).isEqualTo("1");

            rig.startAgent(1, service.address());
            await("a1 is up again")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        assertThat(state(query, "a1")).isEqualTo("up");
                        assertThat(hostUp(query, "a1")).isEqualTo("1");
                    });
            await("samples from before and after")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(read(query).getLast().value())
                                    .isGreaterThan(acknowledged.getLast().value() + 3));
            assertThat(read(query).subList(0, acknowledged.size())).isEqualTo(acknowledged);
        }
    }

    private static List<Sample> read(QueryClient query) {
        return query.samples(COUNT, System.currentTimeMillis(), Duration.ofMinutes(10));
    }

    /// What `muster_host_up` is now: `1`, `0`, or nothing.
    private static String hostUp(QueryClient query, String host) {
        var promQl = URLEncoder.encode("muster_host_up{host=\"" + host + "\"}", UTF_8);
        return query.json("/api/v1/query?query=" + promQl)
                .path("data")
                .path("result")
                .path(0)
                .path("value")
                .path(1)
                .asText();
    }

    /// `up`, `suspect`, `down`, `left` or `unknown`.
    private static String state(QueryClient query, String host) {
        return member(query, host).path("state").asText("unknown");
    }

    private static JsonNode member(QueryClient query, String host) {
        var fleet = query.json("/api/v1/fleet");
        var root = fleet.has("data") ? fleet.path("data") : fleet;
        for (var cell : root.path("cells")) {
            for (var member : cell.path("members")) {
                if (member.path("host").asText().equals(host)) {
                    return member;
                }
            }
        }
        return MissingNode.getInstance();
    }
}
