package dev.muster.federation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.check.LoggedEvent.Alive;
import dev.muster.federation.check.LoggedEvent.Began;
import dev.muster.federation.check.LoggedEvent.Change;
import dev.muster.federation.check.LoggedEvent.Digest;
import dev.muster.federation.check.LoggedEvent.Fault;
import dev.muster.federation.check.LoggedEvent.Healed;
import dev.muster.federation.check.LoggedEvent.Kind;
import dev.muster.federation.check.LoggedEvent.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Target HOST = Target.host("c1", "h2");
    private static final long END = 120_000;

    private final List<LoggedEvent> events = new ArrayList<>();

    @BeforeEach
    void twoNodesLog() {
        for (String node : List.of("c1/h1", "query:q1")) {
            events.add(new Began(node, 0));
            events.add(new Alive(node, END));
            change(node, "h2", "", 1000, 1000, "up", "", "own");
            change(node, "h2", "web", 1000, 1000, "up", "", "own");
        }
    }

    private void change(
            String node,
            String host,
            String job,
            long atMs,
            long decidedMs,
            String to,
            String cause,
            String provenance) {
        events.add(
                new Change(
                        node,
                        "c1",
                        host,
                        job,
                        job.isEmpty() ? "" : "i",
                        atMs,
                        decidedMs,
                        "unknown",
                        to,
                        cause,
                        provenance,
                        List.of("h1"),
                        0));
    }

    private Finding finding(String promise) {
        return Checks.run(events, Promises.MADE).stream()
                .filter(f -> f.promise().contains(promise))
                .findFirst()
                .orElseThrow();
    }

    private void hostDies(long decidedMs) {
        events.add(new Fault(Kind.HOST_DEAD, HOST, 50_000, 80_000));
        for (String node : List.of("c1/h1", "query:q1")) {
            change(node, "h2", "", 49_800, decidedMs, "down", "host_down", "host");
            change(node, "h2", "web", 49_800, decidedMs, "down", "host_down", "host");
        }
    }

    @Test
    void aDeathThatIsSeenInTimeKeepsAllPromises() {
        hostDies(52_900);

        assertThat(Checks.run(events, Promises.MADE)).allMatch(Finding::kept);
        assertThat(finding("host death").checked()).isEqualTo(2);
        assertThat(finding("unannounced death").checked()).isEqualTo(2);
    }

    @Test
    void whatAnAgentSaidEndsWithItsRun() {
        events.add(new Began("c1/h2", 0));
        change("c1/h2", "h2", "web", 1000, 1000, "up", "", "own");
        events.add(new Alive("c1/h2", 49_900));
        events.add(new Fault(Kind.AGENT_DEAD, HOST, 50_000, 80_000));
        for (String node : List.of("c1/h1", "query:q1")) {
            change(node, "h2", "web", 50_000, 51_000, "unknown", "agent_down", "none");
            change(node, "h2", "web", 60_000, 60_000, "up", "", "peer");
        }
        events.add(new Began("c1/h2", 75_000));
        events.add(new Alive("c1/h2", END));

        assertThat(finding("unannounced death").worst()).contains("unknown for ms=10000");
    }

    @Test
    void aHostCalledDeadThatLivesIsAWitness() {
        change("c1/h1", "h2", "", 30_000, 32_000, "down", "host_down", "host");

        Finding finding = finding("false host-down");

        assertThat(finding.kept()).isFalse();
        assertThat(finding.worst())
                .isEqualTo(
                        "c1/h1 says at ms=32000: c1/h2 is down since ms=30000 (host_down, host,"
                                + " witnesses=[h1])");
    }

    @Test
    void aKilledAgentIsNoDeadHost() {
        events.add(new Fault(Kind.AGENT_DEAD, HOST, 50_000, 80_000));
        change("c1/h1", "h2", "", 50_000, 51_000, "down", "host_down", "host");

        assertThat(finding("false host-down").broken()).isEqualTo(1);
        assertThat(finding("nothing down").kept()).isTrue();
    }

    @Test
    void aStateMayBeginWithTheLastBeatThatWasNotLost() {
        events.add(new Fault(Kind.AGENT_PAUSED, HOST, 50_000, 60_000));
        long lastBeatMs = 50_000 - Promises.MADE.backdatedMs();
        change("c1/h1", "h2", "", lastBeatMs, 52_000, "down", "agent_stalled", "host");
        assertThat(finding("nothing down").kept()).isTrue();

        change("c1/h1", "h2", "", lastBeatMs - 1001, 52_000, "down", "agent_stalled", "host");
        assertThat(finding("nothing down").broken()).isEqualTo(1);
    }

    @Test
    void howFarBackFollowsFromTheLossThatIsPlayed() {
        assertThat(Promises.backdatedMs(0, 5000)).isEqualTo(550);
        assertThat(Promises.backdatedMs(0.01, 1)).isEqualTo(550);
        assertThat(Promises.backdatedMs(0.01, 5000)).isEqualTo(3 * 550);
        assertThat(Promises.backdatedMs(0.1, 5000)).isEqualTo(6 * 550);
    }

    @Test
    void aDeathThatOneNodeSeesLateOrNeverBreaksThePromise() {
        hostDies(56_000);
        assertThat(finding("host death").broken()).isEqualTo(2);
        assertThat(finding("host death").worst()).contains("after ms=6000");

        events.removeIf(e -> e instanceof Change c && c.to().equals("down"));
        assertThat(finding("host death").worst()).contains("after ms=never");
    }

    @Test
    void unknownForLongerThanPromisedIsFound() {
        events.add(new Fault(Kind.AGENT_DEAD, HOST, 50_000, 60_000));
        for (String node : List.of("c1/h1", "query:q1")) {
            change(node, "h2", "web", 50_000, 52_000, "unknown", "agent_down", "none");
            change(node, "h2", "web", 53_500, 53_600, "up", "", "peer");
        }

        assertThat(finding("unannounced death").worst())
                .contains("c1/h2/web/i unknown for ms=3500");
        assertThat(finding("unannounced death").broken()).isEqualTo(1);
    }

    @Test
    void anAnnouncedRestartHasNoUnknownMoment() {
        events.add(new Fault(Kind.ANNOUNCED, HOST, 50_000, 60_000));
        change("c1/h1", "h2", "web", 50_000, 50_100, "up", "", "peer");
        assertThat(finding("announced restart").kept()).isTrue();

        for (String node : List.of("c1/h1", "query:q1")) {
            change(node, "h2", "web", 51_000, 51_000, "unknown", "agent_down", "none");
        }
        assertThat(finding("announced restart").kept()).isFalse();
    }

    @Test
    void whatOneNodeKnowsBetterHoldsForAll() {
        events.add(new Fault(Kind.ANNOUNCED, HOST, 50_000, 60_000));
        change("c1/h1", "h2", "web", 50_000, 52_000, "unknown", "partition", "none");

        assertThat(finding("announced restart").kept()).isTrue();
    }

    @Test
    void downWithoutAnAuthorAndUnknownWithoutAReasonAreNoValues() {
        change("c1/h1", "h2", "web", 20_000, 20_000, "unknown", "", "none");
        change("c1/h1", "h2", "web", 21_000, 21_000, "down", "", "none");

        assertThat(finding("one value").broken()).isEqualTo(2);
    }

    @Test
    void queryNodesThatDifferAfterAHealAreFound() {
        events.add(new Began("query:q2", 0));
        events.add(new Healed(60_000));
        events.add(new Digest("query:q1", 69_000, "aa"));
        events.add(new Digest("query:q2", 69_500, "bb"));
        events.add(new Digest("query:q2", 71_000, "aa"));
        assertThat(finding("after a heal").worst())
                .isEqualTo("heal at ms=60000: {query:q1=aa, query:q2=bb}");

        events.add(new Digest("query:q2", 69_900, "aa"));
        assertThat(finding("after a heal").kept()).isTrue();
    }
}
