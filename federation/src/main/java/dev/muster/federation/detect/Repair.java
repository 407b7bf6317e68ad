package dev.muster.federation.detect;

import dev.muster.federation.member.StateHash;
import java.util.List;

/// Evens out what was lost: rosters that differ, reports that were missed.
final class Repair {
    private static final long PATIENCE_MS = 300;
    private static final long RANK_MS = 300;
    private static final int RANKS = 6;
    private static final long AGAIN_MS = 1000;
    private static final long REPORT_PATIENCE_MS = 500;
    private static final long HASH_PATIENCE_MS = 2000;
    private static final long LOST_REPORT_AGAIN_MS = 5000;

    private Repair() {}

    static void repair(Draft draft) {
        if (draft.state.digestsAreOld) {
            draft.state.refreshDigests();
        }
        roster(draft);
        reports(draft);
    }

    /// The own entry is said at once; all the roster by one after the other, in an order that is
    /// the same for all, until nobody differs.
    private static void roster(Draft draft) {
        DetectorState state = draft.state;
        long nowMs = draft.nowMs();
        if (!state.rosterWanted && !differs(draft)) {
            state.mismatchMs = Peer.NEVER_MS;
            return;
        }
        if (state.mismatchMs == Peer.NEVER_MS) {
            state.mismatchMs = nowMs;
        }
        long sinceMs = nowMs - state.mismatchMs;
        if (sinceMs >= PATIENCE_MS && nowMs - state.entrySentMs >= AGAIN_MS) {
            state.entrySentMs = nowMs;
            draft.send(new Frame.RosterFrame(List.of(state.self)));
        }
        if (sinceMs >= PATIENCE_MS + RANK_MS * Math.min(RANKS, rank(state))
                && nowMs - state.rosterSentMs >= AGAIN_MS) {
            sendRoster(draft);
        }
    }

    static void sendRoster(Draft draft) {
        DetectorState state = draft.state;
        state.rosterSentMs = draft.nowMs();
        state.entrySentMs = draft.nowMs();
        state.mismatchMs = Peer.NEVER_MS;
        state.rosterWanted = false;
        draft.send(new Frame.RosterFrame(state.roster()));
    }

    private static boolean differs(Draft draft) {
        DetectorState state = draft.state;
        long windowMs = draft.config().window().toMillis();
        for (Peer peer : state.peers) {
            if (peer != null) {
                Frame.Beat beat = peer.hearing().beat();
                if (beat != null
                        && beat.rosterDigest() != state.rosterDigest()
                        && peer.beatSilenceMs(draft.now) <= windowMs) {
                    return true;
                }
            }
        }
        return false;
    }

    /// How many others of the roster come before this agent.
    private static int rank(DetectorState state) {
        long own = StateHash.mix(state.roster.hostHash(state.ownSlot) ^ state.roster.hash());
        int rank = 0;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer != null
                    && peer.isUp()
                    && StateHash.mix(state.roster.hostHash(slot) ^ state.roster.hash()) > own) {
                rank++;
            }
        }
        return rank;
    }

    private static void reports(Draft draft) {
        DetectorState state = draft.state;
        boolean lacking = isReportLost(draft);
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer peer = state.peers[slot];
            if (peer == null) {
                continue;
            }
            long againMs = draft.nowMs() - peer.reported().askedMs();
            boolean missed =
                    peer.reported().missingMs() != Peer.NEVER_MS
                            && draft.nowMs() - peer.reported().missingMs() >= REPORT_PATIENCE_MS
                            && againMs >= AGAIN_MS;
            boolean lost =
                    lacking
                            && !peer.isUp()
                            && peer.currentReport() == null
                            && againMs >= LOST_REPORT_AGAIN_MS;
            if (missed || lost) {
                draft.put(slot, peer.with(peer.reported().asked(draft.nowMs())));
                draft.count(Count.ASKS);
                draft.send(new Frame.Ask(peer.entry().host()));
            }
        }
    }

    /// Whether others have held other reports than this agent for a while, of the same hosts.
    private static boolean isReportLost(Draft draft) {
        DetectorState state = draft.state;
        boolean differs = false;
        for (Peer peer : state.peers) {
            if (peer != null) {
                Frame.Beat beat = peer.hearing().beat();
                differs |=
                        beat != null
                                && peer.isUp()
                                && beat.rosterDigest() == state.rosterDigest()
                                && beat.stateHash() != state.stateHash;
            }
        }
        if (!differs) {
            state.hashMismatchMs = Peer.NEVER_MS;
        } else if (state.hashMismatchMs == Peer.NEVER_MS) {
            state.hashMismatchMs = draft.nowMs();
        }
        return differs && draft.nowMs() - state.hashMismatchMs >= HASH_PATIENCE_MS;
    }
}
