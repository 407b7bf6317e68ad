package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import dev.muster.federation.member.Upness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DetectorTest {
    private static final DetectorConfig CONFIG =
            DetectorConfig.defaults().withSettle(Duration.ZERO);

    private final List<Effect> effects = new ArrayList<>();
    private long nowMs = 5_000;
    private DetectorState state = start(List.of());

    @BeforeEach
    void opensTheLink() {
        tell(new Event.Link(true));
        effects.clear();
    }

    @Test
    void doesNotChangeTheStateItIsGiven() {
        tell(new Event.Bus(true));
        DetectorState before = state;
        var members = before.members();
        var event = new Event.Heard(new Frame.RosterFrame(List.of(entry("b", 1))), Plane.BUS);
        Step first = Detector.step(before, event, now());
        assertThat(before.members()).isEqualTo(members).hasSize(1);
        Step second = Detector.step(before, event, now());
        assertThat(second.state().members()).isEqualTo(first.state().members()).hasSize(2);
        assertThat(second.effects()).isEqualTo(first.effects());
    }

    @Test
    void ignoresBeatsThatAreOldDoubledOrOfAnEarlierRun() {
        tell(new Event.Heard(beat("b", 2, 5), Plane.DIRECT));
        long version = state.version();
        tell(new Event.Heard(beat("b", 2, 5), Plane.DIRECT));
        tell(new Event.Heard(beat("b", 2, 4), Plane.DIRECT));
        tell(new Event.Heard(beat("b", 1, 99), Plane.DIRECT));
        assertThat(state.version()).isEqualTo(version);
        assertThat(state.count(Count.BEATS_HEARD)).isEqualTo(1);
    }

    @Test
    void aBeatFromBeforeItsOwnStartIsNoSignOfLife() {
        state = start(List.of(entry("b", 2)));
        tell(new Event.Link(true));
        var known = beat("b", 2, 7);
        var held =
                new Frame.Beat(
                        known.hostHash(),
                        2,
                        7,
                        known.sentMs(),
                        known.rosterHash(),
                        known.rosterDigest() + 1,
                        0,
                        0,
                        0,
                        0,
                        ServiceBits.NONE);
        tell(new Event.Heard(held, Plane.DIRECT));
        tell(
                new Event.Heard(
                        new Frame.Beat(
                                known.hostHash(), 2, 8, 0, 0, 0, 0, 0, 0, 0, ServiceBits.NONE),
                        Plane.BUS));
        assertThat(upness("b")).isInstanceOf(Upness.Suspect.class);
        assertThat(state.count(Count.UNPROVEN)).isEqualTo(2);
        // its sender cannot have known this run; one that does is believed, and then by its numbers
        tell(new Event.Heard(known, Plane.DIRECT));
        assertThat(upness("b")).isInstanceOf(Upness.Up.class);
        tell(new Event.Heard(held, Plane.DIRECT));
        assertThat(state.count(Count.BEATS_HEARD)).isEqualTo(1);
    }

    @Test
    void anAgentThatAnswersIsBelievedWhateverItKnows() {
        state = start(List.of(entry("b", 2)));
        tell(new Event.Link(true));
        var beat =
                new Frame.Beat(StateHash.ofHost("b"), 2, 8, 0, 0, 0, 0, 0, 0, 0, ServiceBits.NONE);
        tell(new Event.Heard(beat, Plane.DIRECT));
        pass(1_500);
        tell(new Event.Probed("b", 2, ProbeResult.ALIVE));
        tell(new Event.Heard(beat, Plane.DIRECT));
        assertThat(state.count(Count.BEATS_HEARD)).isEqualTo(1);
    }

    @Test
    void countsAnotherProcessOfTheSameName() {
        tell(new Event.Heard(beat("a", 9, 1), Plane.DIRECT));
        assertThat(state.count(Count.CONFLICTS)).isEqualTo(1);
        assertThat(state.members()).hasSize(1);
    }

    @Test
    void beginsANewRunWhenTheCellHasForgottenIt() {
        tell(
                new Event.Heard(
                        new Frame.RosterFrame(
                                List.of(entry("a", 7).as(RosterEntry.Presence.FORGOTTEN))),
                        Plane.BUS));
        assertThat(state.incarnation()).isEqualTo(8);
        assertThat(effects).contains(new Effect.Reincarnated(8));
    }

    @Test
    void refusesThe65thAgentAndCountsIt() {
        for (int i = 0; i < 70; i++) {
            tell(new Event.Heard(beat("h" + i, 1, 1), Plane.DIRECT));
        }
        assertThat(state.members()).hasSize(64);
        assertThat(state.count(Count.OVER_LIMIT)).isEqualTo(7);
    }

    @Test
    void whoWasStartedLastHasNoPlaceInAFullCell() {
        for (int i = 0; i < 63; i++) {
            beat("h" + i, 100 + i, 1);
        }
        assertThat(state.members()).hasSize(64);
        beat("late", 900, 1);
        assertThat(state.roster.slot("late")).isNegative();
        beat("early", 99, 1);
        assertThat(state.roster.slot("early")).isNotNegative();
        assertThat(state.roster.slot("h62")).as("was the last").isNegative();
        assertThat(state.surplus()).isFalse();
        assertThat(state.count(Count.OVER_LIMIT)).isEqualTo(2);
    }

    @Test
    void knowsThatItHasNoPlaceItself() {
        state = DetectorState.start(CONFIG, "c1", entry("a", 1000), List.of(), now());
        for (int i = 0; i < 63; i++) {
            beat("h" + i, 100 + i, 1);
        }
        assertThat(state.surplus()).isFalse();
        beat("x", 500, 1);
        assertThat(state.surplus()).isTrue();
        tell(
                new Event.Heard(
                        new Frame.RosterFrame(
                                List.of(entry("h0", 100).as(RosterEntry.Presence.LEFT))),
                        Plane.BUS));
        assertThat(state.surplus()).as("there is room again").isFalse();
    }

    @Test
    void tellsAReportAtOnceAndOnlyOnce() {
        var up = ServiceState.own("j", "i", true, "", 1);
        tell(new Event.Scraped(List.of(up)));
        assertThat(sent(Frame.Report.class))
                .singleElement()
                .satisfies(r -> assertThat(r.seq()).isEqualTo(1));
        effects.clear();
        tell(new Event.Scraped(List.of(up)));
        assertThat(sent(Frame.Report.class)).isEmpty();
    }

    @Test
    void asksForAReportItHasMissed() {
        tell(new Event.Heard(beat("b", 1, 1, 0, 3), Plane.DIRECT));
        pass(600);
        assertThat(sent(Frame.Ask.class)).containsExactly(new Frame.Ask("b"));
        tell(
                new Event.Heard(
                        new Frame.Report(entry("b", 1), 3, 0, Optional.empty(), List.of()),
                        Plane.BUS));
        effects.clear();
        pass(3_000);
        assertThat(sent(Frame.Ask.class)).isEmpty();
    }

    @Test
    void answersWhenAskedButNotToEveryone() {
        tell(new Event.Scraped(List.of()));
        pass(1_000);
        effects.clear();
        tell(new Event.Heard(new Frame.Ask("a"), Plane.BUS));
        tell(new Event.Heard(new Frame.Ask("a"), Plane.BUS));
        tell(new Event.Heard(new Frame.Ask("b"), Plane.BUS));
        assertThat(sent(Frame.Report.class)).hasSize(1);
    }

    @Test
    void beatsTwiceASecondAndAtOnceWhenSomeoneFallsSilent() {
        tell(new Event.Heard(beat("b", 1, 1), Plane.DIRECT));
        effects.clear();
        pass(2_000);
        assertThat(sent(Frame.Beat.class)).hasSizeBetween(3, 5).allMatch(beat -> beat.row() == 0);
        effects.clear();
        pass(1_600);
        assertThat(sent(Frame.Beat.class)).anyMatch(beat -> beat.row() == 0b10);
    }

    @Test
    void probesTheSilentBeforeItFlagsThem() {
        tell(new Event.Heard(beat("b", 1, 1), Plane.DIRECT));
        pass(1_700);
        assertThat(effects).contains(new Effect.Probe("b", 1, "http://b"));
        assertThat(upness("b")).isInstanceOf(Upness.Up.class);
    }

    @Test
    void anAnswerOverHttpKeepsAnAgentUp() {
        tell(new Event.Heard(beat("b", 1, 1), Plane.DIRECT));
        for (int i = 0; i < 20; i++) {
            pass(1_000);
            tell(new Event.Probed("b", 1, ProbeResult.ALIVE));
        }
        assertThat(upness("b")).isInstanceOf(Upness.Up.class);
        assertThat(state.degraded()).isTrue();
    }

    @Test
    void aBetterCauseDoesNotChangeSinceWhen() {
        tell(new Event.Bus(true));
        tell(new Event.Heard(beat("b", 1, 1), Plane.DIRECT));
        tell(new Event.Heard(beat("c", 1, 1), Plane.DIRECT));
        for (int i = 2; i < 11; i++) {
            pass(500);
            long row = i > 7 ? 0b010 : 0;
            tell(new Event.Heard(beat("c", 1, i, row, 0), Plane.DIRECT));
        }
        Upness first = upness("b");
        assertThat(first.why()).contains(Cause.HOST_DOWN);
        assertThat(first).isInstanceOf(Upness.Down.class);
        pass(400);
        tell(new Event.Probed("b", 1, ProbeResult.CONNECTED));
        assertThat(upness("b")).isEqualTo(new Upness.Down(first.sinceMs(), Cause.AGENT_STALLED));
    }

    @Test
    void anAnswerThatIsLateFindsTheHostOnlySuspect() {
        silentForTheWindow();
        pass(300);
        assertThat(upness("b")).isInstanceOf(Upness.Suspect.class);
        tell(new Event.Probed("b", 1, ProbeResult.CONNECTED));
        assertThat(upness("b").why()).contains(Cause.AGENT_STALLED);
    }

    @Test
    void aHostWithoutAnAnswerIsUnreachableThenDead() {
        silentForTheWindow();
        pass(500);
        assertThat(upness("b")).isInstanceOf(Upness.Down.class);
        assertThat(upness("b").why()).contains(Cause.UNREACHABLE);
        pass(500);
        assertThat(upness("b").why()).contains(Cause.HOST_DOWN);
    }

    @Test
    void whoIsSlowItselfWaitsForTheEndOfItsOwnProbe() {
        silentInACellOfNine(2_900);
        assertThat(upness("b")).isInstanceOf(Upness.Suspect.class);
        tell(new Event.Probed("b", 1, ProbeResult.CONNECTED));
        assertThat(upness("b").why()).contains(Cause.AGENT_STALLED);
        assertThat(causesOfDown("b")).containsExactly(Cause.AGENT_STALLED);
    }

    @Test
    void aProbeThatNeverEndsIsNotWaitedForLongerThanItsLimit() {
        silentInACellOfNine(3_000);
        assertThat(upness("b")).isInstanceOf(Upness.Suspect.class);
        pass(200);
        assertThat(upness("b").why()).contains(Cause.HOST_DOWN);
    }

    @Test
    void aProbeThatEndedWithoutAnAnswerIsNotWaitedFor() {
        silentInACellOfNine(1_800);
        tell(new Event.Probed("b", 1, ProbeResult.SILENT));
        silentInACellOfNine(1_800, 2_500);
        assertThat(upness("b").why()).contains(Cause.UNREACHABLE);
        assertThat(upness("b")).isInstanceOf(Upness.Down.class);
    }

    @Test
    void anAnswerOfLifeIsAskedForAnewBeforeItCountsAsNone() {
        silentInACellOfNine(1_200);
        tell(new Event.Probed("b", 1, ProbeResult.ALIVE));
        silentInACellOfNine(1_200, 3_900);
        assertThat(upness("b")).isNotInstanceOf(Upness.Down.class);
        tell(new Event.Probed("b", 1, ProbeResult.SILENT));
        assertThat(upness("b").why()).contains(Cause.UNREACHABLE);
        assertThat(upness("b")).isInstanceOf(Upness.Down.class);
    }

    private void silentInACellOfNine(long ms) {
        tell(new Event.Bus(true));
        for (String host : List.of("b", "c", "d", "e", "f", "g", "h", "i")) {
            tell(new Event.Heard(beat(host, 1, 1), Plane.DIRECT));
        }
        for (String host : List.of("b", "c", "d", "e", "f", "g", "h", "i")) {
            tell(new Event.Heard(beat(host, 1, 2), Plane.DIRECT));
        }
        silentInACellOfNine(0, ms);
    }

    /// b is heard by nobody any more, and after 2 s all say so.
    private void silentInACellOfNine(long fromMs, long untilMs) {
        for (long ms = fromMs + 100; ms <= untilMs; ms += 100) {
            pass(100);
            for (String host : List.of("c", "d", "e", "f", "g", "h", "i")) {
                long row = ms > 2_000 ? 0b010 : 0;
                tell(new Event.Heard(beat(host, 1, 2 + ms / 100, row, 0), Plane.DIRECT));
            }
        }
    }

    private List<Cause> causesOfDown(String host) {
        return effects.stream()
                .filter(Effect.Changed.class::isInstance)
                .map(Effect.Changed.class::cast)
                .filter(changed -> changed.host().equals(host))
                .map(Effect.Changed::after)
                .filter(Upness.Down.class::isInstance)
                .map(after -> ((Upness.Down) after).cause())
                .toList();
    }

    /// In a cell of three b is not heard for 3 s, by c neither.
    private void silentForTheWindow() {
        tell(new Event.Bus(true));
        tell(new Event.Heard(beat("b", 1, 1), Plane.DIRECT));
        tell(new Event.Heard(beat("c", 1, 1), Plane.DIRECT));
        for (int i = 2; i < 8; i++) {
            pass(500);
            long row = i > 6 ? 0b010 : 0;
            tell(new Event.Heard(beat("c", 1, i, row, 0), Plane.DIRECT));
        }
    }

    @Test
    void forgetsWhoIsDownForADay() {
        aBetterCauseDoesNotChangeSinceWhen();
        nowMs += Duration.ofHours(25).toMillis();
        pass(400);
        assertThat(state.members()).noneMatch(member -> member.host().equals("b"));
        assertThat(state.roster()).contains(entry("b", 1).as(RosterEntry.Presence.FORGOTTEN));
    }

    @Test
    void saysNothingAfterItHasLeft() {
        tell(new Event.Leaving());
        assertThat(sent(Frame.RosterFrame.class)).hasSize(1);
        effects.clear();
        pass(5_000);
        assertThat(effects).isEmpty();
    }

    @Test
    void listensLongerWhileBeatsGetLost() {
        assertThat(windowMs("b")).isEqualTo(3_000);
        for (int seq = 1; seq < 300; seq += 3) {
            tell(new Event.Heard(beat("b", 1, seq), Plane.DIRECT));
            tell(new Event.Heard(beat("b", 1, seq + 1), Plane.DIRECT));
            pass(500);
        }
        assertThat(state.lossRatio()).isBetween(0.30, 0.36);
        assertThat(windowMs("b")).isBetween(6_000L, 7_000L);
    }

    private long windowMs(String host) {
        tell(new Event.Link(true));
        tell(new Event.Heard(beat(host, 1, 1), Plane.DIRECT));
        Peer peer = state.peers[state.roster.slot(host)];
        return new Windows(state, nowMs).of(Objects.requireNonNull(peer));
    }

    private DetectorState start(List<RosterEntry> known) {
        return DetectorState.start(CONFIG, "c1", entry("a", 1), known, now());
    }

    private Now now() {
        return new Now(nowMs, 1_700_000_000_000L + nowMs);
    }

    private void tell(Event event) {
        Step step = Detector.step(state, event, now());
        state = step.state();
        effects.addAll(step.effects());
    }

    private void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += 100;
            tell(new Event.Tick());
        }
    }

    private Upness upness(String host) {
        return state.members().stream()
                .filter(m -> m.host().equals(host))
                .findFirst()
                .orElseThrow()
                .upness();
    }

    private <F extends Frame> List<F> sent(Class<F> type) {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).frame())
                .filter(type::isInstance)
                .map(type::cast)
                .map(Objects::requireNonNull)
                .toList();
    }

    /// A beat of a host that has been introduced before.
    private Frame.Beat beat(String host, long incarnation, long seq, long row, long reportSeq) {
        if (state.roster.slot(host) < 0) {
            tell(
                    new Event.Heard(
                            new Frame.RosterFrame(List.of(entry(host, incarnation))), Plane.BUS));
        }
        return new Frame.Beat(
                StateHash.ofHost(host),
                incarnation,
                seq,
                0,
                state.roster.hash(),
                state.rosterDigest(),
                row,
                reportSeq,
                0,
                0,
                ServiceBits.NONE);
    }

    private Frame.Beat beat(String host, long incarnation, long seq) {
        return beat(host, incarnation, seq, 0, 0);
    }

    private static RosterEntry entry(String host, long incarnation) {
        return RosterEntry.active(host, "http://" + host, incarnation);
    }
}
