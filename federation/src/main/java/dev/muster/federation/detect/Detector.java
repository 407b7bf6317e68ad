package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Hearing;
import dev.muster.federation.detect.Peer.Told;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
import java.util.List;

/// Decides who of a cell is up: (state, event) -> (state, effects). No clock, thread, socket or
/// randomness; so the same class runs in an agent and in the simulator, and every run can be
/// repeated.
///
/// Nothing is decided by comparing the wall clocks of two machines. The state given stays as it
/// was; the one answered shares with it whatever did not change, so that a beat costs little.
public final class Detector {
    private static final long TALKING_MS = 5000;
    private static final double STRETCH_LIMIT = 3;

    private Detector() {}

    /// What the event leads to. The state given is not changed.
    public static Step step(DetectorState before, Event event, Now now) {
        if (before.left) {
            return new Step(before, List.of());
        }
        var draft = new Draft(before.copy(), now);
        DetectorState state = draft.state;
        state.unixMs = now.unixMs();
        correctPause(draft);
        take(draft, event);
        if (!state.left) {
            conclude(draft, event instanceof Event.Tick);
        }
        return new Step(state, draft.effects());
    }

    private static void take(Draft draft, Event event) {
        switch (event) {
            case Event.Tick _ -> tick(draft);
            case Event.Heard(Frame.Beat beat, Plane plane) -> Beats.heard(draft, beat, plane);
            case Event.Heard(Frame frame, _) -> heard(draft, frame);
            case Event.Lost(String host) -> lost(draft, host);
            case Event.Probed(String host, long incarnation, ProbeResult result) ->
                    probed(draft, host, incarnation, result);
            case Event.Scraped(var services) -> Reports.scraped(draft, services);
            case Event.Taken taken -> Takeovers.taken(draft, taken);
            case Event.Announced(var intent) -> Reports.announced(draft, intent);
            case Event.Bus(boolean works) -> {
                boolean began = works && !draft.state.busWorks;
                draft.state.busWorks = works;
                begin(draft, began);
            }
            case Event.Link(boolean works) -> {
                boolean began = works && !draft.state.linkWorks;
                draft.state.linkWorks = works;
                begin(draft, began);
            }
            case Event.Leaving _ -> Reports.leave(draft);
        }
    }

    private static void conclude(Draft draft, boolean tick) {
        DetectorState state = draft.state;
        if (tick || draft.news) {
            Judge.judge(draft);
            probe(draft);
            Takeovers.order(draft);
        }
        if (draft.reconsider != 0) {
            Services.follow(draft);
        }
        if (tick) {
            Repair.repair(draft);
            Membership.forget(draft);
        }
        if (state.digestsAreOld) {
            state.refreshDigests();
        }
        Reports.sendWaiting(draft);
        Beats.send(draft);
    }

    private static void tick(Draft draft) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        state.tickMs = nowMs;
        if (state.heardSinceTick + state.lostSinceTick > 0) {
            state.loss = state.loss.with(state.heardSinceTick, state.lostSinceTick, nowMs);
            state.heardSinceTick = 0;
            state.lostSinceTick = 0;
        }
        Reports.expire(draft);
        if (!state.told) {
            state.told = true;
            var up = new Told("up", Cause.NONE, state.startedUnixMs, 0, "unknown");
            HostHistory.tell(draft, state.self.host(), up, Provenance.OWN, List.of());
        }
        long graceMs = draft.config().rerunGrace().toMillis();
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null
                    && (!peer.isUp()
                            || !peer.care().lanes().isEmpty()
                            || nowMs - peer.reported().rerunMs() <= 2 * graceMs
                            || peer.reported().intentUntilMs() != Peer.NEVER_MS)) {
                draft.reconsider |= 1L << slot;
            }
        }
    }

    /// After this process stood still, the silence in between is its own, not that of the others.
    private static void correctPause(Draft draft) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        long gapMs = nowMs - state.tickMs;
        if (gapMs <= draft.config().pauseLimit().toMillis()) {
            return;
        }
        draft.count(Count.PAUSES);
        double stretch =
                Math.min(STRETCH_LIMIT, 1 + (double) gapMs / draft.config().window().toMillis());
        state.stretch = nowMs < state.recoverUntilMs ? Math.max(state.stretch, stretch) : stretch;
        state.recoverUntilMs = nowMs + draft.config().recovery().toMillis();
        state.tickMs = nowMs;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null && !peer.isDown()) {
                draft.put(slot, peer.with(peer.hearing().shifted(gapMs, nowMs)));
            }
        }
    }

    private static void heard(Draft draft, Frame frame) {
        switch (frame) {
            case Frame.Beat beat -> Beats.heard(draft, beat, Plane.BUS);
            case Frame.RosterFrame roster ->
                    roster.entries().forEach(e -> Membership.merge(draft, e));
            case Frame.Report report -> Reports.heard(draft, report);
            case Frame.Ask ask -> Reports.asked(draft, ask.host());
            case Frame.Taken taken -> Takeovers.heard(draft, taken);
        }
    }

    private static void lost(Draft draft, String host) {
        Peer peer = draft.peer(host);
        if (peer == null || peer.evidence().isLost()) {
            return;
        }
        boolean talking = peer.beatSilenceMs(draft.now) <= TALKING_MS;
        draft.put(peer.with(peer.evidence().lost(draft.nowMs(), talking)));
        draft.news = true;
    }

    private static void probed(Draft draft, String host, long incarnation, ProbeResult result) {
        Peer peer = draft.peer(host);
        if (peer == null
                || peer.entry().incarnation() != incarnation
                || peer.evidence().askedMs() == Peer.NEVER_MS) {
            return;
        }
        Peer probed = peer.with(peer.evidence().answered(result));
        if (result == ProbeResult.ALIVE) {
            Hearing alive = probed.hearing().alive(draft.nowMs());
            probed = probed.with(alive);
        }
        draft.put(probed);
        draft.news = true;
    }

    /// A plane works that did not: the others shall hear of this agent by it, and it may judge them
    /// once it has listened for a while.
    private static void begin(Draft draft, boolean began) {
        DetectorState state = draft.state;
        if (!began) {
            return;
        }
        if (state.judgesFromMs == Long.MAX_VALUE) {
            state.judgesFromMs = draft.nowMs() + draft.config().settle().toMillis();
        }
        state.nextBeatMs = draft.nowMs();
        Repair.sendRoster(draft);
        state.reportWaits = state.own != null;
    }

    /// Asks silent agents over HTTP, soon enough to know the answer when they are flagged.
    private static void probe(Draft draft) {
        long afterMs = draft.config().probeAfter().toMillis();
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null
                    && (peer.beatSilenceMs(draft.now) > afterMs || peer.evidence().isLost())
                    && !peer.entry().httpUrl().isEmpty()) {
                probe(draft, slot, peer);
            }
        }
    }

    private static void probe(Draft draft, int slot, Peer peer) {
        long intervalMs = draft.config().probeInterval().toMillis() * (peer.isDown() ? 5 : 1);
        if (draft.nowMs() - peer.evidence().askedMs() >= intervalMs) {
            draft.put(slot, peer.with(peer.evidence().asked(draft.nowMs())));
            RosterEntry entry = peer.entry();
            draft.add(new Effect.Probe(entry.host(), entry.incarnation(), entry.httpUrl()));
            draft.count(Count.PROBES);
        }
    }
}
