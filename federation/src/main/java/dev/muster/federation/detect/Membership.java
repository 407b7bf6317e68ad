package dev.muster.federation.detect;

import dev.muster.federation.detect.DetectorState.Departed;
import dev.muster.federation.detect.Peer.Told;
import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
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

    private static final Comparator<RosterEntry> SENIORITY =
            Comparator.comparingLong(RosterEntry::incarnation).thenComparing(RosterEntry::host);

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
            rerun(draft, draft.state.roster.slot(merged.host()), peer, merged);
        } else {
            draft.put(peer.with(merged));
            draft.state.version++;
            draft.state.digestsAreOld = true;
        }
    }

    /// The agent has begun a new run.
    static void rerun(Draft draft, int slot, Peer peer, RosterEntry entry) {
        draft.put(slot, peer.rerun(entry, draft.now));
        draft.reconsider |= 1L << slot;
        draft.news = true;
        draft.state.version++;
        draft.state.digestsAreOld = true;
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
        draft.add(new Effect.Reincarnated(incarnation));
        Frame.Report own = state.own;
        if (own != null) {
            state.own = new Frame.Report(state.self, 1, own.sentMs(), own.intent(), own.services());
            state.reportWaits = true;
        }
        state.version++;
        state.digestsAreOld = true;
    }

    private static void add(Draft draft, RosterEntry entry) {
        DetectorState state = draft.state;
        @Nullable RosterEntry surplus = null;
        if (state.roster.isFull()) {
            draft.count(Count.OVER_LIMIT);
            surplus = surplus(state, entry);
            if (surplus.equals(state.self)) {
                // the others come to the same: this agent has no place in this cell
                state.surplus = true;
            }
            if (surplus.equals(entry) || surplus.equals(state.self)) {
                return;
            }
            Peer peer = draft.peer(surplus.host());
            if (peer != null && peer.care().isTaken()) {
                draft.add(new Effect.GiveBack(surplus.host()));
            }
        }
        Map<String, Departed> departed = new HashMap<>(state.departed);
        departed.remove(entry.host());
        state.departed(departed);
        rebuild(draft, surplus == null ? null : surplus.host(), Peer.named(entry, draft.now));
    }

    /// Who has no place where one more than the limit are named at once, as when many join in
    /// different orders: the one who was started last. So all come to the same roster without a
    /// word, and nobody who has been there is driven out by one who comes.
    private static RosterEntry surplus(DetectorState state, RosterEntry newcomer) {
        RosterEntry last = SENIORITY.compare(newcomer, state.self) > 0 ? newcomer : state.self;
        for (Peer peer : state.peers) {
            if (peer != null && SENIORITY.compare(peer.entry(), last) > 0) {
                last = peer.entry();
            }
        }
        return last;
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
            if (peer.care().isTaken()) {
                draft.add(new Effect.GiveBack(entry.host()));
            }
            rebuild(draft, entry.host(), null);
            if (entry.presence() == Presence.LEFT) {
                var left = new Upness.Left(draft.now.unixMs());
                Told told = peer.verdict().told();
                HostHistory.tell(
                        draft,
                        entry.host(),
                        new Told(left.label(), Cause.LEFT, left.sinceMs(), 0, told.label()),
                        Provenance.OWN,
                        List.of());
                draft.add(new Effect.Changed(entry.host(), peer.upness(), left));
            }
        }
        draft.state.version++;
    }

    /// No longer waits for those who are down for very long, and forgets that others left long ago.
    static void forget(Draft draft) {
        long forgetMs = draft.config().forget().toMillis();
        for (Peer peer : draft.state.peers.clone()) {
            if (peer != null
                    && peer.isDown()
                    && draft.nowMs() - peer.verdict().changedMs() > forgetMs) {
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
        state.ownSlot = state.roster.slot(state.self.host());
        draft.put(new Peer[hosts.size()]);
        kept.forEach(draft::put);
        state.surplus &= state.roster.isFull();
        state.row = 0;
        state.version++;
        state.digestsAreOld = true;
        draft.reconsider = -1;
        draft.news = true;
    }
}
