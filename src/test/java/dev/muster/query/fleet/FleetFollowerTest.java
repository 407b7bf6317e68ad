package dev.muster.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.follow.CellAddresses;
import dev.muster.federation.follow.Followed;
import dev.muster.federation.follow.Follower;
import dev.muster.federation.follow.FollowerConfig;
import dev.muster.federation.follow.FollowerStats;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetView;
import dev.muster.model.series.SeriesSource;
import dev.muster.query.FakeAgent;
import dev.muster.query.wire.AgentConnections;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetFollowerTest {
    private static final long SINCE_MS = 1_700_000_000_000L;

    private final Vertx vertx = Vertx.vertx();
    private final HttpStreamTransport transport =
            new HttpStreamTransport(
                    new AgentConnections(vertx, Duration.ofMillis(500), Optional.empty()));
    private final FleetView fleet = new FleetView(Duration.ofMillis(1_500), Clock.systemUTC());
    private final Map<String, FakeAgent> agents = new ConcurrentHashMap<>();
    private final Map<String, Upness> states = new ConcurrentHashMap<>();
    private final AtomicLong versions = new AtomicLong();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        agents.values().forEach(FakeAgent::close);
        transport.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void followsTwoAgentsOfACellItLearnsOfFromOne() throws IOException {
        start("a1", "a2", "a3", "a4");
        FleetFollower follower = follow("a1");
        await().untilAsserted(() -> {
            assertThat(follower.followed()).hasSize(2).allMatch(Followed::connected);
            assertThat(fleet.state().cells())
                    .singleElement()
                    .satisfies(cell -> {
                        assertThat(cell.members()).hasSize(4);
                        assertThat(cell.observers()).hasSize(2);
                    });
        });
    }

    @Test
    void changesOverWhenAFollowedAgentIsGone() throws IOException {
        start("a1", "a2", "a3");
        FleetFollower follower = follow("a1");
        await().untilAsserted(() ->
                assertThat(follower.followed()).hasSize(2).allMatch(Followed::connected));
        String lost = hostOf(URI.create(follower.followed().getFirst().url()));
        agent(lost).close();
        states.put(lost, new Upness.Down(SINCE_MS + 1, Cause.AGENT_DOWN));
        versions.incrementAndGet();
        await().untilAsserted(() -> {
            assertThat(hosts(follower)).hasSize(2).doesNotContain(lost);
            assertThat(follower.followed()).allMatch(Followed::connected);
            assertThat(fleet.state().cells().getFirst().members())
                    .filteredOn(member -> member.host().equals(lost))
                    .singleElement()
                    .extracting(Member::upness)
                    .isEqualTo(new Upness.Down(SINCE_MS + 1, Cause.AGENT_DOWN));
        });
    }

    @Test
    void givesUpAStreamThatIsSilent() throws IOException {
        start("a1", "a2", "a3");
        FleetFollower follower = follow("a1");
        await().untilAsserted(() ->
                assertThat(follower.followed()).hasSize(2).allMatch(Followed::connected));
        String lost = hostOf(URI.create(follower.followed().getFirst().url()));
        agent(lost).fallSilent();
        await().untilAsserted(() -> {
            assertThat(hosts(follower)).hasSize(2).doesNotContain(lost);
            assertThat(follower.followed()).allMatch(Followed::connected);
        });
    }

    @Test
    void waitsForASeedThatIsNotThereYet() throws IOException {
        start("a1");
        URI url = agent("a1").url();
        agent("a1").close();
        FleetFollower follower = followUrls(List.of(url));
        await().untilAsserted(() ->
                assertThat(follower.followed())
                        .singleElement()
                        .satisfies(agent -> {
                            assertThat(agent.connected()).isFalse();
                            assertThat(agent.failures()).isGreaterThan(1);
                            assertThat(agent.error()).isEqualTo("connection refused");
                        }));
        assertThat(fleet.state().cells()).isEmpty();
    }

    private void start(String... hosts) throws IOException {
        for (String host : hosts) {
            states.put(host, new Upness.Up(SINCE_MS));
            agents.put(host, new FakeAgent(SeriesSource.empty(), () -> view(host)));
        }
    }

    private CellView view(String observer) {
        List<Member> members =
                agents.entrySet().stream()
                        .map(agent ->
                                new Member(
                                        agent.getKey(),
                                        agent.getValue().url().toString(),
                                        1,
                                        states.getOrDefault(
                                                agent.getKey(), new Upness.Up(SINCE_MS)),
                                        List.of(ServiceState.own("node", "x", true, "", SINCE_MS)),
                                        SINCE_MS,
                                        1,
                                        1))
                        .toList();
        return new CellView(
                "c", observer, versions.get(), members, false, 1, true, System.currentTimeMillis());
    }

    private FleetFollower follow(String seed) {
        return followUrls(List.of(agent(seed).url()));
    }

    private FleetFollower followUrls(List<URI> seeds) {
        FollowerConfig config =
                new FollowerConfig(
                        seeds.stream().map(URI::toString).toList(),
                        "node",
                        2,
                        Duration.ofMillis(1_500),
                        Duration.ofMillis(500),
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        8,
                        false);
        FleetFollower follower =
                new FleetFollower(
                        new Follower(
                                config,
                                fleet,
                                CellAddresses.NONE,
                                transport,
                                System::nanoTime,
                                RandomGenerator.getDefault(),
                                new FollowerStats()));
        open.add(follower);
        follower.start();
        return follower;
    }

    private FakeAgent agent(String host) {
        return Objects.requireNonNull(agents.get(host), host);
    }

    private Set<String> hosts(FleetFollower follower) {
        return follower.followed().stream()
                .map(agent -> hostOf(URI.create(agent.url())))
                .collect(Collectors.toSet());
    }

    private String hostOf(URI url) {
        return agents.entrySet().stream()
                .filter(agent -> agent.getValue().url().equals(url))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
