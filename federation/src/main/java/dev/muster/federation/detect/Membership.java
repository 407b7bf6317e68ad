package dev.muster.federation.detect;

import dev.muster.federation.detect.DetectorState.Departed;
import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who belongs to the cell: entries of a roster are merged by maximum, so that all agents come to
/// the same one.
final class Membership {
    /// Most agents of which it is remembered that they left.
    private static final int DEPARTED_LIMIT = 256;

    private Membership() {}

    static void merge(Draft draft, RosterEntry entry) {
        if (entry.host().equals(draft.state.self.host())) {
            refuteOwn(draft, entry);
            return;
        }
        Peer peer = draft.peer(entry.host());
        Departed gone = draft.state.departed.get(entry.host());
        RosterEntry held = peer != null ? peer.entry() : gone != null ? gone.entry() : null;
        RosterEntry merged = held == null ? entry : held.merge(entry);
        if (merged.equals(held)) {
            return;
        }
        if (!merged.isActive()) {
            depart(draft, merged, peer);
        } else if (peer == null) {
            add(draft, merged);
        } else if (merged.incarnation() > peer.entry().incarnation()) {
            draft.put(peer.rerun(merged, draft.now));
            draft.state.version++;
        } else {
            draft.put(peer.with(merged));
            draft.state.version++;
        }
    }

    /// The cell believes that a later run of this agent existed, or that this run is over: a new
    /// run stands against both.
    private static void refuteOwn(Draft draft, RosterEntry entry) {
        DetectorState state = draft.state;
        boolean wrong =
                entry.incarnation() > state.self.incarnation()
                        || (entry.incarnation() == state.self.incarnation() && !entry.isActive());
        if (!wrong || state.left || entry.incarnation() == Long.MAX_VALUE) {
            return;
        }
        long incarnation = entry.incarnation() + 1;
        state.self = state.self.reborn(incarnation);
        state.beatSeq = 0;
        draft.effects.add(new Effect.Reincarnated(incarnation));
        Frame.Report own = state.own;
        if (own != null) {
            state.own = new Frame.Report(state.self, 1, own.sentMs(), own.intent(), own.services());
            state.reportSentMs = Peer.NEVER_MS;
        }
        state.version++;
    }

    private static void add(Draft draft, RosterEntry entry) {
        if (draft.state.roster.isFull()) {
            draft.count(Count.OVER_LIMIT);
            return;
        }
        Map<String, Departed> departed = new HashMap<>(draft.state.departed);
        departed.remove(entry.host());
        draft.state.departed(departed);
        rebuild(draft, null, Peer.named(entry, draft.now));
    }

    private static void depart(Draft draft, RosterEntry entry, @Nullable Peer peer) {
        Map<String, Departed> departed = new HashMap<>(draft.state.departed);
        departed.put(entry.host(), new Departed(entry, draft.nowMs(), draft.now.unixMs()));
        if (departed.size() > DEPARTED_LIMIT) {
            departed.values().stream()
                    .min(Comparator.comparingLong(Departed::atMs))
                    .ifPresent(oldest -> departed.remove(oldest.entry().host()));
        }
        draft.state.departed(departed);
        if (peer != null) {
            rebuild(draft, entry.host(), null);
            if (entry.presence() == Presence.LEFT) {
                var left = new Upness.Left(draft.now.unixMs());
                draft.effects.add(new Effect.Changed(entry.host(), peer.upness(), left));
            }
        }
        draft.state.version++;
    }

    /// No longer waits for those who are down for very long, and forgets that others left long ago.
    static void forget(Draft draft) {
        long forgetMs = draft.config().forget().toMillis();
        for (Peer peer : draft.state.peers.clone()) {
            if (peer != null && peer.isDown() && draft.nowMs() - peer.changedMs() > forgetMs) {
                depart(draft, peer.entry().as(Presence.FORGOTTEN), peer);
            }
        }
        Map<String, Departed> departed = draft.state.departed;
        if (departed.values().stream().anyMatch(gone -> draft.nowMs() - gone.atMs() > forgetMs)) {
            Map<String, Departed> kept = new HashMap<>(departed);
            kept.values().removeIf(gone -> draft.nowMs() - gone.atMs() > forgetMs);
            draft.state.departed(kept);
            draft.state.version++;
        }
    }

    private static void rebuild(Draft draft, @Nullable String without, @Nullable Peer with) {
        DetectorState state = draft.state;
        List<Peer> kept = new ArrayList<>();
        for (Peer peer : state.peers) {
            if (peer != null && !peer.entry().host().equals(without)) {
                kept.add(peer);
            }
        }
        if (with != null) {
            kept.add(with);
        }
        List<String> hosts =
                new ArrayList<>(kept.stream().map(peer -> peer.entry().host()).toList());
        hosts.add(state.self.host());
        state.roster = Roster.of(hosts);
        state.peers = new Peer[hosts.size()];
        kept.forEach(draft::put);
        state.version++;
    }
}
