package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Evidence;
import dev.muster.federation.detect.Peer.Lane;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import org.jspecify.annotations.Nullable;

/// Who is down, and why.
final class Judge {
    /*
     * Every agent flags whom it does not hear for a window W, and says so in its row. From the rows that reach it, each
     * agent comes to the verdict by itself; no one is asked, elected or believed. Who has ended by what its host says (see
     * below) is flagged at once, and sooner too if the bus has lost its connection.
     *
     * By quorum: see Quorum. A row counts only while fresh and over the same roster. After a pause of its own an agent
     * flags later than usual; that does not delay its verdict where the others are enough.
     *
     * By evidence: down when this agent flags it, its host answers that nobody listens on its port, and no fresh row hears
     * it. This is what the last survivor of a cell, and the other one of two, can say: a process that is gone is known,
     * silence alone is not; it stays suspect.
     *
     * Why: what answers on the host tells that only the agent is gone (AGENT_DOWN) or stands still (AGENT_STALLED). Until
     * that is clear the host is unreachable, but not before an answer that had to be asked for twice could be here, nor
     * while this agent, which may have little CPU, still waits for the end of its own first probe; when nothing on it has
     * answered within the time to confirm, or all who took over say so, it is dead (HOST_DOWN). What an agent has
     * announced is no loss until the announcement expires.
     * Down is left by a beat, by an answered probe, or when so many witnesses hear it that no quorum is possible.
     */

    private final Draft draft;
    private final DetectorState state;
    private final Now now;
    private final Windows windows;
    private final long baseMask;
    private long row;
    private long flaggedByAny;

    private Judge(Draft draft) {
        this.draft = draft;
        this.state = draft.state;
        this.now = draft.now;
        this.windows = new Windows(state, now.monotonicMs());
        this.baseMask = state.baseMask(now.monotonicMs());
        look();
    }

    /// Brings every peer to the state that holds now, and the own row.
    static void judge(Draft draft) {
        var judge = new Judge(draft);
        draft.state.row = judge.row;
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null && judge.isOfInterest(slot, peer)) {
                judge.judge(slot, judge.flagged(slot, peer));
            }
        }
        if (draft.hostDied) {
            Groups.tell(draft);
        }
    }

    /// The own row, and who is in the row of anyone.
    private void look() {
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null) {
                if (isFlagged(peer)) {
                    row |= 1L << slot;
                }
                Frame.Beat beat = peer.hearing().beat();
                if (beat != null && beat.row() != 0 && speaks(peer, beat)) {
                    flaggedByAny |= beat.row();
                }
            }
        }
    }

    private boolean isOfInterest(int slot, Peer peer) {
        return ((row | flaggedByAny) >>> slot & 1) == 1
                || !peer.isUp()
                || peer.verdict().flaggedMs() != Peer.NEVER_MS
                || peer.verdict().note() != Cause.NONE
                || (peer.hearing().beat() != null && hearsNobody(slot, peer));
    }

    private boolean isFlagged(Peer peer) {
        Evidence evidence = peer.evidence();
        if (evidence.probe() == ProbeResult.REFUSED) {
            return true;
        }
        long limitMs = windows.of(peer);
        if (evidence.isLost() && peer.hearing().aliveMs() <= evidence.lostMs()) {
            limitMs = Math.min(limitMs, state.config.hintWindow().toMillis());
        }
        return peer.silenceMs(now) > limitMs;
    }

    /// Remembers since when a peer is not heard.
    private Peer flagged(int slot, Peer peer) {
        boolean flagged = (row >>> slot & 1) == 1;
        boolean was = peer.verdict().flaggedMs() != Peer.NEVER_MS;
        if (flagged == was) {
            return peer;
        }
        Peer marked =
                peer.with(peer.verdict().flagged(flagged ? draft.nowMs() : Peer.NEVER_MS))
                        .with(flagged ? peer.hearing().lost() : peer.hearing());
        draft.put(slot, marked);
        return marked;
    }

    private void judge(int slot, Peer peer) {
        boolean flagged = (row >>> slot & 1) == 1;
        switch (peer.upness()) {
            case Upness.Down(long sinceMs, Cause cause) ->
                    judgeDown(slot, peer, flagged, sinceMs, cause);
            case Upness.Up _ -> judgeUp(slot, peer, flagged);
            case Upness.Suspect _, Upness.Left _, Upness.Unknown _ -> {
                if (flagged) {
                    judgeFlagged(slot, peer);
                } else if (peer.hearing().beat() != null
                        && peer.beatSilenceMs(now) <= windows.of(peer)) {
                    Upness up = new Upness.Up(peer.hearing().upSinceMs());
                    draft.change(slot, peer, up, draft.nowMs());
                }
            }
        }
    }

    private void judgeUp(int slot, Peer peer, boolean flagged) {
        if (flagged) {
            judgeFlagged(slot, peer);
            return;
        }
        Quorum quorum = quorum(slot, peer.silenceMs(now) > windows.baseOf(peer));
        if (state.settled() && quorum.isReached()) {
            judgeFlagged(slot, peer);
            return;
        }
        Cause note = Cause.NONE;
        if (hearsNobody(slot, peer)) {
            note = Cause.ONE_WAY;
        } else if (quorum.isPartial()) {
            note = Cause.PARTIAL;
        }
        if (note != peer.verdict().note()) {
            draft.put(slot, peer.with(peer.verdict().noted(note)));
            state.version++;
        }
    }

    /// Whether it says that it hears nobody, which is heard.
    private boolean hearsNobody(int slot, Peer peer) {
        Frame.Beat beat = peer.hearing().beat();
        if (beat == null || beat.row() == 0 || !speaks(peer, beat)) {
            return false;
        }
        long others = baseMask & ~(1L << slot);
        return Long.bitCount(others) >= 2 && (beat.row() & others) == others;
    }

    private void judgeFlagged(int slot, Peer peer) {
        Quorum quorum = quorum(slot, true);
        Cause announced = announced(peer);
        if (announced != null) {
            suspect(slot, peer, announced);
        } else if (state.settled() && isDown(peer, quorum) && !isTooSoon(peer)) {
            Cause cause = downCause(peer);
            Peer silent = peer.with(peer.verdict().noted(Cause.NONE));
            var down = new Upness.Down(peer.lastSignUnixMs(now), cause);
            draft.change(slot, silent, down, draft.nowMs());
            draft.witnesses(slot, quorum.witnesses());
        } else {
            suspect(slot, peer, doubt(peer, quorum));
            draft.witnesses(slot, quorum.witnesses());
        }
    }

    private void suspect(int slot, Peer peer, Cause cause) {
        if (peer.upness() instanceof Upness.Suspect(long sinceMs, Cause before)) {
            if (before != cause) {
                long changedMs = peer.verdict().changedMs();
                draft.change(slot, peer, new Upness.Suspect(sinceMs, cause), changedMs);
            }
        } else {
            var suspect = new Upness.Suspect(peer.lastSignUnixMs(now), cause);
            draft.change(slot, peer.with(peer.verdict().noted(Cause.NONE)), suspect, draft.nowMs());
        }
    }

    private @Nullable Cause announced(Peer peer) {
        return peer.intent(draft.nowMs())
                .map(intent ->
                        switch (intent.kind()) {
                            case RESTARTING -> Cause.RESTARTING;
                            case DRAIN -> Cause.DRAIN;
                            case MAINT -> Cause.MAINT;
                            case LEFT -> Cause.LEFT;
                        })
                .orElse(null);
    }

    private void judgeDown(int slot, Peer peer, boolean flagged, long sinceMs, Cause cause) {
        Quorum quorum = quorum(slot, true);
        if (!flagged || quorum.isContradicted()) {
            draft.change(
                    slot, peer, new Upness.Suspect(now.unixMs(), Cause.PARTIAL), draft.nowMs());
            return;
        }
        Cause better = downCause(peer);
        if (better != cause && isBetter(peer, cause, better)) {
            draft.change(slot, peer, new Upness.Down(sinceMs, better), peer.verdict().changedMs());
            draft.witnesses(slot, quorum.witnesses());
        }
    }

    private boolean isBetter(Peer peer, Cause cause, Cause better) {
        if (better == Cause.UNREACHABLE) {
            return false;
        }
        boolean died = cause == Cause.AGENT_DOWN || cause == Cause.AGENT_STALLED;
        return better != Cause.HOST_DOWN
                || !died
                || (takersSaySilent(peer) && peer.evidence().probe() == ProbeResult.SILENT);
    }

    private static boolean isDown(Peer peer, Quorum quorum) {
        boolean byEvidence =
                peer.evidence().probe() == ProbeResult.REFUSED && quorum.hearing() == 0;
        return quorum.isReached() || byEvidence;
    }

    /// Whether the answer of its host may be late, because a packet was lost on the way there or
    /// back, or this agent is slow: then nothing having answered says nothing.
    private boolean isTooSoon(Peer peer) {
        long silentMs = peer.silenceMs(now) - windows.baseOf(peer);
        boolean early = silentMs < state.config.answerGrace().toMillis() || isAwaited(peer);
        return early && downCause(peer) == Cause.UNREACHABLE;
    }

    private boolean isAwaited(Peer peer) {
        return peer.evidence().isAwaited(draft.nowMs(), state.config.probeLimit().toMillis());
    }

    private Cause downCause(Peer peer) {
        @Nullable ProbeResult probe = peer.evidence().probe();
        if (probe == ProbeResult.REFUSED) {
            return Cause.AGENT_DOWN;
        }
        if (probe == ProbeResult.CONNECTED) {
            return Cause.AGENT_STALLED;
        }
        if (somethingAnswers(peer)) {
            return Cause.AGENT_DOWN;
        }
        if (takersSaySilent(peer)) {
            return Cause.HOST_DOWN;
        }
        if (peer.evidence().lostWhileTalking()) {
            return Cause.AGENT_DOWN;
        }
        long silentMs = peer.silenceMs(now) - windows.baseOf(peer);
        boolean confirmed = silentMs >= state.config.confirm().toMillis() && !isAwaited(peer);
        return confirmed ? Cause.HOST_DOWN : Cause.UNREACHABLE;
    }

    private boolean somethingAnswers(Peer peer) {
        for (Lane lane : peer.care().lanes()) {
            if (isFresh(peer, lane) && lane.taken().probe() != ProbeResult.SILENT) {
                return true;
            }
        }
        return false;
    }

    /// Whether both who take over say that nothing answers.
    private boolean takersSaySilent(Peer peer) {
        int silent = 0;
        for (Lane lane : peer.care().lanes()) {
            if (isFresh(peer, lane)) {
                if (lane.taken().probe() != ProbeResult.SILENT) {
                    return false;
                }
                silent++;
            }
        }
        return silent >= Takeovers.TAKERS;
    }

    private boolean isFresh(Peer peer, Lane lane) {
        return lane.taken().incarnation() == peer.entry().incarnation()
                && draft.nowMs() - lane.atMs() <= state.config.takenFresh().toMillis();
    }

    private Cause doubt(Peer peer, Quorum quorum) {
        if (quorum.hearing() > 0) {
            return Cause.PARTIAL;
        }
        if (peer.hearing().beat() == null) {
            return Cause.NOT_HEARD;
        }
        int silent = Long.bitCount(row & baseMask);
        int count = Long.bitCount(baseMask);
        boolean cutOff = silent >= 2 && count >= 4 && 3 * (count - silent) < 2 * count;
        return cutOff ? Cause.PARTITION : Cause.UNREACHABLE;
    }

    private Quorum quorum(int target, boolean selfFlags) {
        var quorum = new Quorum(target, baseMask);
        quorum.own(state.ownSlot, row | (selfFlags ? 1L << target : 0), selfFlags);
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null && slot != target) {
                Frame.Beat beat = peer.hearing().beat();
                if (beat != null && speaks(peer, beat)) {
                    quorum.other(slot, beat.row());
                }
            }
        }
        return quorum;
    }

    private boolean speaks(Peer peer, Frame.Beat beat) {
        return beat.rosterHash() == state.roster.hash()
                && peer.beatSilenceMs(now) <= windows.of(peer);
    }
}
