package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Evidence;
import dev.muster.federation.detect.Peer.Hearing;
import dev.muster.federation.detect.Peer.Reported;
import dev.muster.federation.member.Upness;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Beats, heard and sent.
final class Beats {
    /// No more than ten changes a second are said at once; what comes faster waits and goes
    /// together.
    private static final long NEWS_GAP_MS = 100;

    /// How often the bus carries a beat though datagrams do.
    private static final long BUS_INTERVAL_MS = 5000;

    private Beats() {}

    static void heard(Draft draft, Frame.Beat beat, Plane plane) {
        DetectorState state = draft.state;
        int slot = state.roster.slot(beat.hostHash());
        if (slot < 0) {
            // the roster will make its agent tell its name
            state.rosterWanted = true;
            draft.count(Count.STRANGERS);
            return;
        }
        Peer peer = state.peers[slot];
        if (peer == null) {
            if (beat.incarnation() > state.self.incarnation() || beat.seq() > state.beatSeq) {
                draft.count(Count.CONFLICTS);
            }
            return;
        }
        if (beat.incarnation() < peer.entry().incarnation()) {
            // it does not know that its run is over here; the roster will make it begin a new one
            state.rosterWanted = true;
            return;
        }
        if (beat.incarnation() > peer.entry().incarnation()) {
            Membership.rerun(draft, slot, peer, peer.entry().rerun(beat.incarnation()));
        }
        Peer known = state.peers[slot];
        if (known != null) {
            accept(draft, slot, known, beat, plane);
        }
    }

    private static void accept(Draft draft, int slot, Peer peer, Frame.Beat beat, Plane plane) {
        Hearing h = peer.hearing();
        long nowMs = draft.nowMs();
        Frame.Beat last = h.beat();
        if (last != null && beat.seq() <= last.seq()) {
            if (plane == Plane.DIRECT && beat.seq() == last.seq()) {
                draft.put(slot, peer.with(direct(h, nowMs)));
            }
            return;
        }
        if (last == null && !isProven(draft, peer, beat)) {
            // the roster will make its agent know this run
            draft.state.rosterWanted = true;
            draft.count(Count.UNPROVEN);
            return;
        }
        count(draft.state, beat, last);
        long unixMs = draft.now.unixMs();
        long upSinceMs = last == null || peer.isDown() ? unixMs : h.upSinceMs();
        var hearing =
                new Hearing(
                        beat,
                        nowMs,
                        plane == Plane.DIRECT ? nowMs : h.directMs(),
                        nowMs,
                        unixMs,
                        upSinceMs,
                        Math.min(Hearing.STEADY, h.streak() + 1));
        Peer heard =
                new Peer(
                        peer.entry(),
                        hearing,
                        Evidence.NONE,
                        peer.verdict(),
                        peer.reported(),
                        peer.care());
        if (heard.isBehind() != (heard.reported().missingMs() != Peer.NEVER_MS)) {
            heard = heard.with(missing(heard, nowMs));
        }
        draft.put(slot, heard);
        if (last == null || !peer.isUp()) {
            draft.change(slot, heard, new Upness.Up(upSinceMs), nowMs);
            draft.news = true;
            draft.reconsider |= 1L << slot;
        } else {
            look(draft, slot, heard, last);
        }
    }

    /// Whether the first beat heard of a host can be no older than this run of this agent.
    ///
    /// Later ones are judged by incarnation and number; but one that has just started knows neither
    /// from hearing, and would take beats that the network held back, or somebody recorded, for a
    /// life that may long be over. A sender whose roster has the same digest knows this run; so
    /// does the network when the agent itself answers a probe.
    private static boolean isProven(Draft draft, Peer peer, Frame.Beat beat) {
        DetectorState state = draft.state;
        if (state.proven.contains(beat.hostHash())) {
            return true;
        }
        boolean proven =
                beat.rosterDigest() == state.rosterDigest()
                        || peer.evidence().probe() == ProbeResult.ALIVE;
        if (proven) {
            Set<Long> more = new HashSet<>(state.proven);
            more.add(beat.hostHash());
            state.proven = Set.copyOf(more);
        }
        return proven;
    }

    private static Hearing direct(Hearing h, long nowMs) {
        return new Hearing(
                h.beat(),
                h.heardMs(),
                nowMs,
                h.aliveMs(),
                h.heardUnixMs(),
                h.upSinceMs(),
                h.streak());
    }

    private static Reported missing(Peer peer, long nowMs) {
        return peer.reported().missing(peer.isBehind() ? nowMs : Peer.NEVER_MS);
    }

    private static void count(DetectorState state, Frame.Beat beat, Frame.@Nullable Beat last) {
        state.heard++;
        state.heardSinceTick++;
        if (last != null) {
            long missed = beat.seq() - last.seq() - 1;
            state.lost += missed;
            state.lostSinceTick += Math.min(missed, LossEstimate.GAP_LIMIT);
        }
    }

    /// What differs from its last beat is looked at before the next tick.
    private static void look(Draft draft, int slot, Peer peer, Frame.Beat last) {
        Frame.Beat beat = peer.hearing().beat();
        if (beat == null
                || beat.row() != last.row()
                || beat.rosterHash() != last.rosterHash()
                || peer.verdict().flaggedMs() != Peer.NEVER_MS) {
            draft.news = true;
        }
        if (beat == null
                || beat.reportSeq() != last.reportSeq()
                || !beat.services().equals(last.services())) {
            draft.reconsider |= 1L << slot;
        }
        boolean over =
                !peer.care().lanes().isEmpty()
                        && !peer.care().isTaken()
                        && peer.hearing().streak() >= Hearing.STEADY
                        && draft.nowMs() - peer.reported().rerunMs()
                                > draft.config().rerunGrace().toMillis()
                        && peer.intent(draft.nowMs()).isEmpty();
        if (over) {
            draft.put(slot, peer.with(peer.care().with(List.of())));
        }
    }

    /// Sends a beat when it is time, or at once when something has changed, and that once more a
    /// little later.
    static void send(Draft draft) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        boolean due = nowMs >= state.nextBeatMs;
        if (!due && nowMs - state.beatSentMs < NEWS_GAP_MS) {
            return;
        }
        boolean news = state.row != state.sentRow || !state.ownBits.equals(state.sentBits);
        if (!due && !news && state.repeats == 0) {
            return;
        }
        state.repeats = news ? 1 : Math.max(0, state.repeats - 1);
        state.beatSeq++;
        state.beatSentMs = nowMs;
        state.sentRow = state.row;
        state.sentBits = state.ownBits;
        state.nextBeatMs = nowMs + jittered(draft);
        draft.count(Count.BEATS_SENT);
        boolean bus = !state.linkWorks || (state.busWorks && isBusNeeded(draft));
        if (bus) {
            state.busBeatMs = nowMs;
            draft.count(Count.BUS_BEATS);
        }
        draft.add(new Effect.Send(beat(draft), state.linkWorks, bus));
    }

    private static Frame.Beat beat(Draft draft) {
        DetectorState state = draft.state;
        return new Frame.Beat(
                state.roster.hostHash(state.ownSlot),
                state.self.incarnation(),
                state.beatSeq,
                draft.now.unixMs(),
                state.roster.hash(),
                state.rosterDigest(),
                state.row,
                state.own == null ? 0 : state.own.seq(),
                state.ownNames,
                state.stateHash,
                state.ownBits);
    }

    /// The bus is to carry beats too when datagrams do not reach all: this agent does not hear one
    /// who may live, one does not hear it, or one takes no datagrams.
    private static boolean isBusNeeded(Draft draft) {
        DetectorState state = draft.state;
        if (draft.nowMs() - state.busBeatMs >= BUS_INTERVAL_MS) {
            return true;
        }
        var windows = new Windows(state, draft.nowMs());
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer == null || peer.isDown()) {
                continue;
            }
            Frame.Beat beat = peer.hearing().beat();
            boolean hearsMe =
                    beat == null
                            || beat.rosterHash() != state.roster.hash()
                            || (beat.row() >>> state.ownSlot & 1) == 0;
            if ((state.row >>> slot & 1) == 1
                    || !hearsMe
                    || peer.entry().beatAddress().isEmpty()
                    || (beat != null && windows.isByBus(peer))) {
                return true;
            }
        }
        return false;
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
}
