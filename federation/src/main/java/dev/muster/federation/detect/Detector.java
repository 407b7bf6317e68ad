package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Evidence;
import dev.muster.federation.detect.Peer.Hearing;
import dev.muster.federation.detect.Peer.Reported;
import dev.muster.federation.detect.Peer.Row;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import dev.muster.federation.member.Upness;
import java.util.List;
import java.util.Optional;

/// Decides who of a cell is up: (state, event) -> (state, effects). No clock, thread, socket or
/// randomness; so the same class runs in an agent and in the simulator, and every run can be
/// repeated.
public final class Detector {
    private static final long ROSTER_PATIENCE_MS = 300;
    private static final long ROSTER_AGAIN_MS = 1000;
    private static final long REPORT_PATIENCE_MS = 500;
    private static final long REPORT_AGAIN_MS = 1000;
    private static final long ROW_AGAIN_MS = 50;
    private static final long TALKING_MS = 5000;

    private Detector() {}

    /// What the event leads to. The state given is not changed.
    public static Step step(DetectorState before, Event event, Now now) {
        if (before.left) {
            return new Step(before, List.of());
        }
        var draft = new Draft(before.copy(), now);
        draft.state.unixMs = now.unixMs();
        correctPause(draft);
        switch (event) {
            case Event.Tick _ -> draft.state.tickMs = now.monotonicMs();
            case Event.Heard(Frame frame, _) -> heard(draft, frame);
            case Event.Lost(String host) -> lost(draft, host);
            case Event.Probed(String host, long incarnation, ProbeResult result) ->
                    probed(draft, host, incarnation, result);
            case Event.Scraped(List<ServiceState> services) -> scraped(draft, services);
            case Event.Bus(boolean works) -> bus(draft, works);
            case Event.Link(boolean works) -> draft.state.linkWorks = works;
            case Event.Taken _, Event.Announced _ -> {}
            case Event.Leaving _ -> leave(draft);
        }
        if (!draft.state.left) {
            long row = Judge.judge(draft);
            probe(draft);
            beat(draft, row);
            if (event instanceof Event.Tick) {
                repair(draft);
                Membership.forget(draft);
            }
        }
        return new Step(draft.state, draft.effects);
    }

    /// After this process stood still, the silence in between is its own, not that of the others.
    private static void correctPause(Draft draft) {
        DetectorState state = draft.state;
        long gapMs = draft.nowMs() - state.tickMs;
        if (gapMs <= draft.config().pauseLimit().toMillis()) {
            return;
        }
        draft.count(Count.PAUSES);
        state.tickMs = draft.nowMs();
        state.recoverUntilMs = draft.nowMs() + draft.config().recovery().toMillis();
        for (Peer peer : state.peers.clone()) {
            if (peer != null) {
                Hearing h = peer.hearing();
                long heardMs = Math.min(draft.nowMs(), h.heardMs() + gapMs);
                long aliveMs = Math.min(draft.nowMs(), h.aliveMs() + gapMs);
                draft.put(
                        peer.with(
                                new Hearing(
                                        h.seq(),
                                        heardMs,
                                        aliveMs,
                                        h.heardUnixMs(),
                                        h.upSinceMs())));
            }
        }
    }

    private static void heard(Draft draft, Frame frame) {
        switch (frame) {
            case Frame.Beat beat -> heard(draft, beat);
            case Frame.RosterFrame roster ->
                    roster.entries().forEach(e -> Membership.merge(draft, e));
            case Frame.Report report -> heard(draft, report);
            case Frame.Ask ask -> {
                if (ask.host().equals(draft.state.self.host())
                        && draft.nowMs() - draft.state.reportSentMs >= REPORT_PATIENCE_MS) {
                    sendReport(draft);
                }
            }
            case Frame.Taken _ -> {}
        }
    }

    private static void heard(Draft draft, Frame.Beat beat) {
        DetectorState state = draft.state;
        int slot = state.roster.slot(beat.hostHash());
        if (slot < 0) {
            state.rosterWanted = true;
            return;
        }
        Peer known = state.peers[slot];
        if (known == null) {
            if (beat.incarnation() > state.self.incarnation() || beat.seq() > state.beatSeq) {
                draft.count(Count.CONFLICTS);
            }
            return;
        }
        if (beat.incarnation() < known.entry().incarnation()) {
            // it does not know that its run is over here; the roster will tell it to begin a new
            // one
            state.rosterWanted = true;
            return;
        }
        if (beat.incarnation() > known.entry().incarnation()) {
            Membership.merge(draft, known.entry().rerun(beat.incarnation()));
        }
        Peer peer = state.peers[slot];
        if (peer == null) {
            return;
        }
        if (beat.seq() <= peer.hearing().seq()) {
            return;
        }
        long lastSeq = peer.hearing().seq();
        long missed = lastSeq == 0 ? 0 : beat.seq() - lastSeq - 1;
        draft.count(Count.BEATS_HEARD);
        draft.count(Count.BEATS_LOST, missed);
        state.loss = state.loss.heard(missed, draft.nowMs());
        accept(draft, peer, beat, lastSeq == 0);
    }

    private static void accept(Draft draft, Peer peer, Frame.Beat beat, boolean first) {
        long nowMs = draft.nowMs();
        long unixMs = draft.now.unixMs();
        boolean fromDown = peer.isDown();
        long upSinceMs = first || fromDown ? unixMs : peer.hearing().upSinceMs();
        Peer heard =
                peer.with(new Hearing(beat.seq(), nowMs, nowMs, unixMs, upSinceMs))
                        .with(new Row(beat.row(), beat.rosterHash(), beat.rosterDigest(), nowMs))
                        .with(Evidence.NONE)
                        .with(wanted(peer.reported(), beat, nowMs));
        draft.put(heard);
        if (first || !(peer.upness() instanceof Upness.Up)) {
            draft.change(heard, new Upness.Up(upSinceMs), nowMs);
        }
    }

    private static Reported wanted(Reported before, Frame.Beat beat, long nowMs) {
        return beat.reportSeq() == before.wantedSeq()
                ? before
                : new Reported(before.report(), beat.reportSeq(), nowMs, before.askedMs());
    }

    private static void heard(Draft draft, Frame.Report report) {
        Membership.merge(draft, report.agent());
        Peer peer = draft.peer(report.agent().host());
        if (peer == null || report.agent().incarnation() < peer.entry().incarnation()) {
            return;
        }
        Reported held = peer.reported();
        Frame.Report before = held.report();
        if (before == null || report.isNewerThan(before)) {
            draft.put(
                    peer.with(
                            new Reported(
                                    report, held.wantedSeq(), held.wantedMs(), held.askedMs())));
            draft.count(Count.REPORTS_HEARD);
            draft.state.version++;
        }
    }

    private static void lost(Draft draft, String host) {
        Peer peer = draft.peer(host);
        if (peer == null || peer.evidence().isLost()) {
            return;
        }
        Evidence e = peer.evidence();
        boolean talking = peer.beatSilenceMs(draft.now) <= TALKING_MS;
        draft.put(
                peer.with(
                        new Evidence(
                                draft.nowMs(), talking, e.probe(), e.probedMs(), Peer.NEVER_MS)));
    }

    private static void probed(Draft draft, String host, long incarnation, ProbeResult result) {
        Peer peer = draft.peer(host);
        if (peer == null
                || peer.entry().incarnation() != incarnation
                || peer.evidence().askedMs() == Peer.NEVER_MS) {
            return;
        }
        Evidence e = peer.evidence();
        Peer probed =
                peer.with(
                        new Evidence(
                                e.lostMs(),
                                e.lostWhileTalking(),
                                result,
                                draft.nowMs(),
                                e.askedMs()));
        if (result == ProbeResult.ALIVE) {
            Hearing h = probed.hearing();
            probed =
                    probed.with(
                            new Hearing(
                                    h.seq(),
                                    h.heardMs(),
                                    draft.nowMs(),
                                    h.heardUnixMs(),
                                    h.upSinceMs()));
        }
        draft.put(probed);
    }

    private static void scraped(Draft draft, List<ServiceState> services) {
        Frame.Report own = draft.state.own;
        if (own != null && own.services().equals(services)) {
            return;
        }
        draft.state.own =
                new Frame.Report(
                        draft.state.self,
                        own == null ? 1 : own.seq() + 1,
                        draft.now.unixMs(),
                        own == null ? Optional.empty() : own.intent(),
                        services);
        draft.state.version++;
        sendReport(draft);
    }

    private static void bus(Draft draft, boolean works) {
        DetectorState state = draft.state;
        boolean began = works && !state.busWorks;
        state.busWorks = works;
        if (!began) {
            return;
        }
        if (state.judgesFromMs == Long.MAX_VALUE) {
            state.judgesFromMs = draft.nowMs() + draft.config().settle().toMillis();
        }
        state.nextBeatMs = draft.nowMs();
        sendRoster(draft);
        sendReport(draft);
    }

    private static void leave(Draft draft) {
        draft.state.left = true;
        draft.state.version++;
        RosterEntry gone = draft.state.self.as(RosterEntry.Presence.LEFT);
        draft.send(new Frame.RosterFrame(List.of(gone)));
        Frame.Report own = draft.state.own;
        draft.send(
                new Frame.Report(
                        gone,
                        own == null ? 1 : own.seq() + 1,
                        draft.now.unixMs(),
                        Optional.empty(),
                        List.of()));
    }

    /// Asks silent agents over HTTP, soon enough to know the answer when they are flagged.
    private static void probe(Draft draft) {
        DetectorConfig config = draft.config();
        for (Peer peer : draft.state.peers.clone()) {
            if (peer == null || peer.entry().httpUrl().isEmpty()) {
                continue;
            }
            Evidence e = peer.evidence();
            boolean silent =
                    peer.beatSilenceMs(draft.now) > config.probeAfter().toMillis() || e.isLost();
            long intervalMs = config.probeInterval().toMillis() * (peer.isDown() ? 5 : 1);
            if (silent && draft.nowMs() - e.askedMs() >= intervalMs) {
                draft.put(
                        peer.with(
                                new Evidence(
                                        e.lostMs(),
                                        e.lostWhileTalking(),
                                        e.probe(),
                                        e.probedMs(),
                                        draft.nowMs())));
                RosterEntry entry = peer.entry();
                draft.effects.add(
                        new Effect.Probe(entry.host(), entry.incarnation(), entry.httpUrl()));
                draft.count(Count.PROBES);
            }
        }
    }

    /// Sends a beat when it is time, or at once when the row has changed: the others wait for it to
    /// judge.
    private static void beat(Draft draft, long row) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        boolean news = row != state.sentRow && nowMs - state.beatSentMs >= ROW_AGAIN_MS;
        if (nowMs < state.nextBeatMs && !news) {
            return;
        }
        state.beatSeq++;
        state.beatSentMs = nowMs;
        state.sentRow = row;
        state.nextBeatMs = nowMs + jittered(draft);
        draft.count(Count.BEATS_SENT);
        Frame.Report own = state.own;
        draft.send(
                new Frame.Beat(
                        StateHash.ofHost(state.self.host()),
                        state.self.incarnation(),
                        state.beatSeq,
                        draft.now.unixMs(),
                        state.roster.hash(),
                        state.rosterDigest(),
                        row,
                        own == null ? 0 : own.seq(),
                        own == null ? 0 : StateHash.ofNames(own.services()),
                        0,
                        own == null ? ServiceBits.NONE : ServiceBits.of(own.services())));
    }

    /// The beat interval, a tenth more or less, so that agents started together drift apart; by the
    /// beat's number, so that a run can be repeated.
    private static long jittered(Draft draft) {
        long mixed =
                (draft.state.beatSeq * 0x9E3779B97F4A7C15L)
                        ^ (draft.state.self.host().hashCode() * 0xC2B2AE3D27D4EB4FL);
        double share = ((mixed ^ mixed >>> 32) & 0xFFFF) / 65536.0;
        return Math.round(draft.config().beatInterval().toMillis() * (0.9 + 0.2 * share));
    }

    /// Evens out what was lost: rosters that differ, reports that were missed.
    private static void repair(Draft draft) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        if (!state.rosterWanted && !rosterDiffers(draft)) {
            state.mismatchMs = Peer.NEVER_MS;
        } else if (state.mismatchMs == Peer.NEVER_MS) {
            state.mismatchMs = nowMs;
        } else if (nowMs - state.mismatchMs >= ROSTER_PATIENCE_MS
                && nowMs - state.rosterSentMs >= ROSTER_AGAIN_MS) {
            sendRoster(draft);
        }
        if (state.own != null && state.reportSentMs == Peer.NEVER_MS) {
            sendReport(draft);
        }
        for (Peer peer : state.peers.clone()) {
            if (peer != null && peer.reported().isBehind(peer.entry().incarnation())) {
                ask(draft, peer);
            }
        }
    }

    private static boolean rosterDiffers(Draft draft) {
        int digest = draft.state.rosterDigest();
        for (Peer peer : draft.state.peers) {
            if (peer != null
                    && peer.hearing().seq() > 0
                    && draft.nowMs() - peer.row().atMs() <= draft.config().window().toMillis()
                    && peer.row().rosterDigest() != digest) {
                return true;
            }
        }
        return false;
    }

    private static void ask(Draft draft, Peer peer) {
        Reported r = peer.reported();
        if (draft.nowMs() - r.wantedMs() < REPORT_PATIENCE_MS
                || draft.nowMs() - r.askedMs() < REPORT_AGAIN_MS) {
            return;
        }
        draft.put(peer.with(new Reported(r.report(), r.wantedSeq(), r.wantedMs(), draft.nowMs())));
        draft.send(new Frame.Ask(peer.entry().host()));
        draft.count(Count.ASKS);
    }

    private static void sendRoster(Draft draft) {
        draft.state.rosterSentMs = draft.nowMs();
        draft.state.rosterWanted = false;
        draft.send(new Frame.RosterFrame(draft.state.roster()));
    }

    private static void sendReport(Draft draft) {
        Frame.Report own = draft.state.own;
        if (own != null) {
            draft.state.reportSentMs = draft.nowMs();
            draft.count(Count.REPORTS_SENT);
            draft.send(own);
        }
    }
}
