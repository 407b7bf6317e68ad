package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Evidence;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import org.jspecify.annotations.Nullable;

/// Who is down.
final class Judge {
    /*
     * Every agent flags whom it does not hear for a window W, and says so in its row. From the rows that reach it, each
     * agent comes to the verdict by itself; no one is asked, elected or believed. Who has ended by what its host says (see
     * below) is flagged at once, and sooner too if the bus has lost its connection.
     *
     * Let `base` be the roster without those down for long, `others` = base - 1 the agents that can witness of one.
     *
     * By quorum: down when this agent and others flag it, together at least
     *     needed = max(2, ceil(2/3 others), floor(base/2) + 1).
     * The denominator is the roster, never "those who are heard": in an even split each side hears only itself and would
     * call the other one dead. More than half of the base, since in a cell of four 2/3 of three are two, a half.
     * A row is counted only while fresh, over the same roster, and from a healthy witness: who flags more than half of the
     * base is itself cut off. That holds for this agent too.
     *
     * By evidence: down when this agent flags it, its host answers that nobody listens on its port, and no fresh row hears
     * it. This is what the last survivor of a cell, and the other one of two, can say: a process that is gone is known,
     * silence alone is not; it stays suspect.
     *
     * Down is left by a beat, by an answered probe, or when so many witnesses hear it that no quorum is possible.
     *
     * See the research of the cell, section 3.4, and for acting on several witnesses at once: Suresh et al., Stable and
     * Consistent Membership at Scale with Rapid, 2018.
     */

    private static final double QUORUM = 2.0 / 3;

    private final Draft draft;
    private final DetectorState state;
    private final Now now;
    private final long windowMs;
    private final long row;
    private final long baseMask;

    private Judge(Draft draft) {
        this.draft = draft;
        this.state = draft.state;
        this.now = draft.now;
        this.windowMs = windowMs(state);
        this.row = ownRow();
        this.baseMask = baseMask();
    }

    /// Brings every peer to the state that holds now; answers the own row.
    static long judge(Draft draft) {
        var judge = new Judge(draft);
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null) {
                judge.judge(slot, peer);
            }
        }
        return judge.row;
    }

    /// How long an agent must be silent to be flagged: longer while beats get lost, and after an
    /// own pause.
    static long windowMs(DetectorState state) {
        DetectorConfig config = state.config;
        long beats = state.loss.beatsFor(DetectorConfig.LOST_BY_CHANCE);
        long window =
                Math.max(config.window().toMillis(), beats * config.beatInterval().toMillis());
        if (state.tickMs < state.recoverUntilMs) {
            window += window / 2;
        }
        return Math.min(window, config.windowLimit().toMillis());
    }

    private long ownRow() {
        long bits = 0;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null && isFlagged(peer)) {
                bits |= 1L << slot;
            }
        }
        return bits;
    }

    private boolean isFlagged(Peer peer) {
        Evidence evidence = peer.evidence();
        if (evidence.probe() == ProbeResult.REFUSED) {
            return true;
        }
        boolean lost = evidence.isLost() && peer.hearing().aliveMs() <= evidence.lostMs();
        long limitMs = lost ? Math.min(windowMs, state.config.hintWindow().toMillis()) : windowMs;
        return peer.silenceMs(now) > limitMs;
    }

    private long baseMask() {
        long settledMs = state.config.downSettled().toMillis();
        long mask = 0;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer == null || !peer.isDown() || draft.nowMs() - peer.changedMs() <= settledMs) {
                mask |= 1L << slot;
            }
        }
        return mask;
    }

    private void judge(int slot, Peer peer) {
        boolean flagged = (row >>> slot & 1) == 1;
        switch (peer.upness()) {
            case Upness.Down(long sinceMs, Cause cause) ->
                    judgeDown(slot, peer, flagged, sinceMs, cause);
            case Upness.Up _ when !flagged -> {}
            case Upness.Up _ -> judgeFlagged(slot, peer);
            case Upness.Suspect _, Upness.Left _, Upness.Unknown _ -> {
                if (flagged) {
                    judgeFlagged(slot, peer);
                } else if (peer.hearing().seq() > 0 && peer.beatSilenceMs(now) <= windowMs) {
                    draft.change(peer, new Upness.Up(peer.hearing().upSinceMs()), draft.nowMs());
                }
            }
        }
    }

    private void judgeFlagged(int slot, Peer peer) {
        Witnesses witnesses = witnesses(slot);
        if (state.settled() && isDown(peer, witnesses)) {
            draft.change(peer, new Upness.Down(now.unixMs(), downCause(peer)), draft.nowMs());
            return;
        }
        Cause cause = doubt(peer, witnesses);
        if (peer.upness() instanceof Upness.Suspect(_, Cause before)) {
            if (before != cause) {
                draft.change(
                        peer, new Upness.Suspect(peer.upness().sinceMs(), cause), peer.changedMs());
            }
        } else {
            draft.change(peer, new Upness.Suspect(now.unixMs(), cause), draft.nowMs());
        }
    }

    private void judgeDown(int slot, Peer peer, boolean flagged, long sinceMs, Cause cause) {
        Witnesses witnesses = witnesses(slot);
        boolean contradicted = witnesses.hearing > Math.max(0, witnesses.others - witnesses.needed);
        if (!flagged || contradicted) {
            draft.change(peer, new Upness.Suspect(now.unixMs(), Cause.PARTIAL), draft.nowMs());
            return;
        }
        Cause better = downCause(peer);
        if (better != cause && better != Cause.UNREACHABLE) {
            draft.change(peer, new Upness.Down(sinceMs, better), peer.changedMs());
        }
    }

    private static boolean isDown(Peer peer, Witnesses witnesses) {
        boolean byQuorum = witnesses.self && witnesses.flagging >= witnesses.needed;
        boolean byEvidence =
                peer.evidence().probe() == ProbeResult.REFUSED && witnesses.hearing == 0;
        return byQuorum || byEvidence;
    }

    private static Cause downCause(Peer peer) {
        @Nullable ProbeResult probe = peer.evidence().probe();
        if (probe == ProbeResult.REFUSED) {
            return Cause.AGENT_DOWN;
        }
        if (probe == ProbeResult.CONNECTED) {
            return Cause.AGENT_STALLED;
        }
        return peer.evidence().lostWhileTalking() ? Cause.AGENT_DOWN : Cause.UNREACHABLE;
    }

    private static Cause doubt(Peer peer, Witnesses witnesses) {
        if (witnesses.hearing > 0) {
            return Cause.PARTIAL;
        }
        return peer.hearing().seq() == 0 ? Cause.NOT_HEARD : Cause.UNREACHABLE;
    }

    /// @param others agents that can witness
    /// @param needed flags that make a quorum
    /// @param self whether this agent is fit to witness
    /// @param flagging healthy witnesses that flag the agent, this one among them
    /// @param hearing healthy witnesses that hear it
    private record Witnesses(int others, int needed, boolean self, int flagging, int hearing) {}

    private Witnesses witnesses(int target) {
        long base = baseMask | 1L << target;
        int count = Long.bitCount(base);
        int others = count - 1;
        int needed = Math.max(Math.max(2, (int) Math.ceil(QUORUM * others - 1e-9)), count / 2 + 1);
        boolean self = isHealthy(row, base, count);
        int flagging = self ? 1 : 0;
        int hearing = 0;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer == null
                    || slot == target
                    || !speaks(peer)
                    || !isHealthy(peer.row().bits(), base, count)) {
                continue;
            }
            if ((peer.row().bits() >>> target & 1) == 1) {
                flagging++;
            } else {
                hearing++;
            }
        }
        return new Witnesses(others, needed, self, flagging, hearing);
    }

    private boolean speaks(Peer peer) {
        return peer.row().rosterHash() == state.roster.hash()
                && draft.nowMs() - peer.row().atMs() <= windowMs;
    }

    private static boolean isHealthy(long bits, long base, int count) {
        return 2 * Long.bitCount(bits & base) <= count;
    }
}
