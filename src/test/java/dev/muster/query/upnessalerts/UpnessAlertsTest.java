package dev.muster.query.upnessalerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetView;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.expected.Expected;
import dev.muster.query.expected.ExpectedKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpnessAlertsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final FleetGame game = new FleetGame();

    private void racks(int racks, int hosts) {
        for (int rack = 0; rack < racks; rack++) {
            for (int host = 0; host < hosts; host++) {
                game.up("r" + rack + "-h" + host);
            }
        }
        game.pass(SECOND);
    }

    @Test
    void aHostThatIsDownIsToldWithinASecondWithCauseAndWitnesses() {
        racks(2, 4);
        game.down("r0-h1", Cause.HOST_DOWN);
        List<Notice> told = game.pass(SECOND);
        assertThat(told).hasSize(1);
        Notice notice = told.getFirst();
        assertThat(notice.labels())
                .isEqualTo(
                        Labels.of(
                                Map.of(
                                        "alertname", "HostDown",
                                        "cell", "c1",
                                        "host", "r0-h1",
                                        "rack", "r0",
                                        "severity", "critical",
                                        "zone", "z1")));
        assertThat(notice.annotations())
                .containsEntry(
                        "summary",
                        "host r0-h1 is down: a quorum does not hear it, and nothing on it answers")
                .containsEntry("cause", "HOST_DOWN")
                .containsEntry("witnesses", "w1, w2");
        assertThat(notice.startsMs()).isEqualTo(game.nowMs - 1_000 - 1_500);
        assertThat(notice.generatorUrl())
                .isEqualTo(
                        "http://muster.example.org/graph?g0.expr=muster_host_up%7Bcell%3D%22c1%22%2C"
                            + "host%3D%22r0-h1%22%7D");
        assertThat(game.pass(Duration.ofSeconds(61))).hasSize(1);
        game.up("r0-h1");
        List<Notice> ended = game.pass(SECOND);
        assertThat(ended).hasSize(1).allMatch(Notice::resolved);
        assertThat(game.pass(Duration.ofMinutes(10))).hasSize(3).allMatch(Notice::resolved);
    }

    @Test
    void aRackIsOneNotification() {
        racks(2, 20);
        for (int host = 0; host < 20; host++) {
            game.down("r0-h" + host, Cause.UNREACHABLE);
            game.pass(Duration.ofMillis(host < 10 ? 0 : 250));
        }
        game.pass(SECOND);
        assertThat(game.told).hasSize(1);
        assertThat(game.firing()).containsExactly("RackDown r0");
        Notice rack = game.firing.values().iterator().next();
        assertThat(rack.labels().get("cell")).isNull();

        for (int host = 0; host < 18; host++) {
            game.up("r0-h" + host);
        }
        game.pass(SECOND);
        assertThat(game.firing()).containsExactly("HostDown r0-h18", "HostDown r0-h19");
    }

    @Test
    void silenceIsNotDown() {
        racks(1, 3);
        game.down("r0-h0", Cause.HOST_DOWN);
        game.pass(SECOND);
        game.silent = true;
        game.pass(Duration.ofSeconds(5));
        assertThat(game.firing()).containsExactly("CellDegraded c1", "HostDown r0-h0");
        game.silent = false;
        game.pass(SECOND);
        assertThat(game.firing()).containsExactly("HostDown r0-h0");
    }

    @Test
    void agentsServicesAndLinksAreKindsOfTheirOwn() {
        racks(1, 4);
        ServiceState service =
                ServiceState.peer("db", "r0-h1:5432", Health.DOWN, "refused", 900_000);
        game.down("r0-h0", Cause.AGENT_DOWN);
        game.set("r0-h1", new Upness.Up(1), Cause.NONE, Optional.empty(), false, List.of(service));
        game.set("r0-h2", new Upness.Up(1), Cause.PARTIAL, Optional.empty(), false, List.of());
        game.degraded = true;
        game.pass(SECOND);
        assertThat(game.firing())
                .containsExactly(
                        "AgentDown r0-h0", "CellDegraded c1", "Partition c1", "ServiceDown r0-h1");
        // a service of a host that is down is no trouble of its own
        game.set(
                "r0-h1",
                new Upness.Down(1, Cause.HOST_DOWN),
                Cause.NONE,
                Optional.empty(),
                false,
                List.of(service));
        game.pass(SECOND);
        assertThat(game.firing()).contains("HostDown r0-h1").doesNotContain("ServiceDown r0-h1");
    }

    @Test
    void anAgentThatIsDownIsNoServiceThatFailedBeside() {
        racks(1, 3);
        game.set(
                "r0-h0",
                new Upness.Down(1, Cause.AGENT_DOWN),
                Cause.NONE,
                Optional.empty(),
                false,
                List.of(
                        ServiceState.peer("agents", "r0-h0:9100", Health.DOWN, "refused", 900_000),
                        ServiceState.peer(
                                "self", "127.0.0.1:9100", Health.DOWN, "refused", 900_000),
                        ServiceState.peer("db", "r0-h0:5432", Health.DOWN, "refused", 900_000)));
        game.pass(SECOND);
        assertThat(game.told)
                .extracting(notice -> notice.labels().valueOf("job"))
                .containsExactlyInAnyOrder("", "db");
    }

    @Test
    void whatIsAnnouncedAlarmsNobody() {
        racks(1, 3);
        Intent intent = new Intent(Intent.Kind.RESTARTING, game.nowMs + 60_000, "ann");
        game.set(
                "r0-h0",
                new Upness.Down(1, Cause.AGENT_DOWN),
                Cause.NONE,
                Optional.of(intent),
                false,
                List.of());
        game.set("r0-h1", new Upness.Left(1), Cause.NONE, Optional.empty(), false, List.of());
        assertThat(game.pass(Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void whatIsMissingIsToldUntilSomebodyKnows() {
        racks(1, 3);
        Expected gone =
                new Expected(
                        ExpectedKey.ofHost("lost"),
                        "c1",
                        Expected.Why.SEEN,
                        Expected.Presence.GONE,
                        5,
                        4,
                        "nobody tells of it",
                        Optional.empty());
        game.absent.add(gone);
        game.pass(SECOND);
        assertThat(game.firing()).containsExactly("Missing lost");
        game.absent.set(
                0,
                new Expected(
                        gone.key(),
                        "c1",
                        gone.why(),
                        gone.presence(),
                        5,
                        4,
                        gone.cause(),
                        Optional.of(new Expected.Acknowledgement("ann", "moved", 9))));
        game.pass(SECOND);
        assertThat(game.firing()).isEmpty();
    }

    @Test
    void whatFlapsIsOneAlert() {
        racks(1, 3);
        List<Notice> told = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            game.down("r0-h0", Cause.HOST_DOWN);
            told.addAll(game.pass(Duration.ofSeconds(5)));
            game.up("r0-h0");
            told.addAll(game.pass(Duration.ofSeconds(5)));
        }
        assertThat(told.stream().map(Notice::resolved).filter(resolved -> resolved)).hasSize(1);
        assertThat(game.firing()).containsExactly("HostDown r0-h0");
        assertThat(told.getLast().annotations()).containsEntry("flapping", "true");
        game.pass(Duration.ofMinutes(6));
        assertThat(game.firing()).isEmpty();
    }

    @Test
    void severityFollowsTheLabelsAndKindsCanBeOff() {
        UpnessAlertSettings usual = FleetGame.SETTINGS;
        FleetGame other =
                new FleetGame(
                        new UpnessAlertSettings(
                                Set.of(UpnessAlertKind.HOST_DOWN),
                                Map.of(UpnessAlertKind.HOST_DOWN, "page"),
                                List.of(
                                        new SeverityRule(
                                                List.of(new LabelMatcher.Equal("rack", "r1")),
                                                "info")),
                                usual.settle(),
                                usual.flapWindow(),
                                usual.calm(),
                                usual.resend(),
                                usual.externalUrl()));
        for (String host : List.of("r0-a", "r1-a", "r1-b", "r1-c", "r1-d")) {
            other.up(host);
        }
        other.look();
        for (String host : List.of("r0-a", "r1-a", "r1-b", "r1-c")) {
            other.down(host, Cause.HOST_DOWN);
        }
        other.degraded = true;
        other.pass(SECOND);
        assertThat(other.told.stream().map(notice -> notice.labels().get("severity")))
                .containsExactlyInAnyOrder("page", "info", "info", "info");
    }

    /// Whatever happens: what has been down for more than a second fires or is in its rack's alert,
    /// nothing fires for what has been well for long, and nothing ends that has not begun.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatFiresIsWhatIsDown(long seed) {
        RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(Long.getLong("seed", seed));
        racks(3, 5);
        Set<String> down = new HashSet<>();
        Set<String> begun = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            for (int change = random.nextInt(4); change > 0; change--) {
                String host = "r" + random.nextInt(3) + "-h" + random.nextInt(5);
                if (down.remove(host)) {
                    game.up(host);
                } else {
                    down.add(host);
                    game.down(host, Cause.HOST_DOWN);
                }
            }
            for (Notice notice : game.pass(Duration.ofMillis(1_250))) {
                if (notice.resolved()) {
                    assertThat(begun).contains(FleetGame.name(notice));
                } else {
                    begun.add(FleetGame.name(notice));
                }
            }
            List<String> firing = game.firing();
            for (String host : down) {
                String rack = "RackDown " + host.substring(0, 2);
                assertThat(firing.contains("HostDown " + host) || firing.contains(rack))
                        .as("seed=%d round=%d host=%s firing=%s", seed, round, host, firing)
                        .isTrue();
            }
        }
        for (String host : Set.copyOf(down)) {
            game.up(host);
        }
        game.pass(Duration.ofMinutes(6));
        assertThat(game.firing()).isEmpty();
    }

    @Test
    void whatChangesDuringALookIsToldByTheNext() {
        FleetView fleet = new FleetView(Duration.ofSeconds(3), () -> Instant.ofEpochMilli(5_000));
        fleet.accept(view(1, false));
        UpnessAlerts alerts = alerts(fleet);
        alerts.follow();
        assertThat(alerts.look(List.of(), 10_000)).isEmpty();
        // between the cells and what is concluded from them
        List<Expected> change =
                new AbstractList<>() {
                    @Override
                    public Expected get(int index) {
                        throw new IndexOutOfBoundsException(index);
                    }

                    @Override
                    public int size() {
                        fleet.accept(view(2, true));
                        return 0;
                    }
                };
        assertThat(alerts.look(change, 11_000)).isEmpty();
        assertThat(alerts.look(List.of(), 12_000)).isEmpty(); // settles
        assertThat(alerts.look(List.of(), 20_000))
                .extracting(FleetGame::name)
                .containsExactly("HostDown h1");
        assertThat(alerts.look(List.of(), 20_100)).isEmpty();
    }

    /// However changes and looks fall together, the last look knows what is.
    @Test
    void noChangeIsLostWhileItLooks() throws Exception {
        FleetView fleet = new FleetView(Duration.ofSeconds(60), () -> Instant.ofEpochMilli(5_000));
        UpnessAlerts alerts = alerts(fleet);
        alerts.follow();
        for (int round = 0; round < 200; round++) {
            int first = 1 + 10 * round;
            boolean down = round % 2 == 0;
            Thread changes =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 10; i++) {
                                    fleet.accept(view(first + i, (i % 2 == 1) == down));
                                }
                            });
            long nowMs = 1_000_000L * (round + 1);
            while (changes.isAlive()) {
                alerts.look(List.of(), nowMs);
            }
            changes.join();
            alerts.look(List.of(), nowMs + 1);
            alerts.look(List.of(), nowMs + 500_000);
            assertThat(alerts.firing()).as("round=%d", round).isEqualTo(down ? 1 : 0);
        }
    }

    private static UpnessAlerts alerts(FleetView fleet) {
        return new UpnessAlerts(
                FleetGame.SETTINGS, fleet, List::of, NoticeSink.NONE, InstantSource.system());
    }

    private static CellView view(long version, boolean down) {
        Member host =
                new Member(
                        "h1",
                        "http://h1:9640",
                        1,
                        down ? new Upness.Down(1, Cause.HOST_DOWN) : new Upness.Up(1),
                        List.of(),
                        1,
                        version,
                        1);
        return new CellView("c1", "h2", version, List.of(host), false, 1, true, version);
    }
}
