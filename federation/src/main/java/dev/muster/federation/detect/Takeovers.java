package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Care;
import dev.muster.federation.detect.Peer.Hearing;
import dev.muster.federation.detect.Peer.Lane;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who looks after the services of a lost agent.
///
/// The living peers are ranked by a hash of both names (rendezvous), those of other racks first, so
/// that all come to the same two without a word, and the work of many lost agents spreads. An agent
/// takes over as soon as it does not hear the other itself, or when that announces that it goes;
/// and gives back when it has heard two beats and the services are told of again.
final class Takeovers {
    /// How many look after one host.
    static final int TAKERS = 2;

    private Takeovers() {}

    /// Takes over from those who need it, gives back to those who do not.
    static void order(Draft draft) {
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null) {
                boolean needed = isNeeded(draft, slot, peer);
                if (needed || peer.care().isTaken()) {
                    order(draft, slot, peer, needed);
                }
            }
        }
    }

    private static boolean isNeeded(Draft draft, int slot, Peer peer) {
        if ((draft.state.row >>> slot & 1) == 1) {
            return peer.hearing().beat() != null || peer.reported().report() != null;
        }
        if (peer.isUp() && peer.reported().report() == null) {
            return false;
        }
        Optional<Intent> intent = peer.intent(draft.nowMs());
        return intent.isPresent()
                && (intent.get().kind() == Intent.Kind.RESTARTING
                        || intent.get().kind() == Intent.Kind.DRAIN);
    }

    private static void order(Draft draft, int slot, Peer peer, boolean needed) {
        boolean mine = !isCutOff(draft) && isAmongFirst(draft, slot, peer);
        long taken = peer.care().takenOver();
        if (needed && mine && taken != peer.entry().incarnation()) {
            RosterEntry entry = peer.entry();
            draft.put(slot, peer.with(peer.care().taking(entry.incarnation())));
            draft.add(new Effect.TakeOver(entry.host(), entry.incarnation(), entry.httpUrl()));
            draft.count(Count.TAKEOVERS);
        } else if (peer.care().isTaken() && (needed ? !mine : isBack(draft, peer))) {
            giveBack(draft, slot, peer);
        }
    }

    private static void giveBack(Draft draft, int slot, Peer peer) {
        draft.put(slot, peer.with(peer.care().taking(Care.NOT_TAKEN)));
        draft.add(new Effect.GiveBack(peer.entry().host()));
    }

    /// Whether the agent has been heard twice, and tells of its services again.
    private static boolean isBack(Draft draft, Peer peer) {
        if (peer.hearing().streak() < Hearing.STEADY || peer.currentReport() == null) {
            return false;
        }
        Frame.Report report = peer.currentReport();
        long sinceMs = draft.nowMs() - peer.reported().rerunMs();
        if (report == null || sinceMs > draft.config().rerunGrace().toMillis()) {
            return true;
        }
        for (ServiceState service : peer.reported().before()) {
            if (report.services().stream().noneMatch(service::isOfSameService)) {
                return false;
            }
        }
        return true;
    }

    /// An agent that hears hardly anyone is itself what is wrong: it would look after all of them.
    private static boolean isCutOff(Draft draft) {
        long base = draft.state.baseMask(draft.nowMs());
        return Long.bitCount(base) > 3 && !Quorum.isHealthy(draft.state.row, base);
    }

    /// Whether this agent is among the first that look after that host.
    static boolean isAmongFirst(Draft draft, int target, Peer peer) {
        DetectorState state = draft.state;
        long own = rank(state, target, state.ownSlot, peer);
        int before = 0;
        for (int slot = 0; slot < state.peers.length; slot++) {
            Peer other = state.peers[slot];
            boolean lives =
                    other != null
                            && slot != target
                            && other.isUp()
                            && (state.row >>> slot & 1) == 0;
            if (lives && Long.compareUnsigned(rank(state, target, slot, peer), own) > 0) {
                before++;
            }
        }
        return before < TAKERS;
    }

    /// The greatest ranks look: other racks above, within them by chance, which is the same for
    /// all.
    private static long rank(DetectorState state, int target, int slot, Peer lost) {
        Peer candidate = state.peers[slot];
        RosterEntry entry = candidate == null ? state.self : candidate.entry();
        long chance =
                StateHash.mix(
                                state.roster.hostHash(target)
                                        ^ Long.rotateLeft(state.roster.hostHash(slot), 17))
                        >>> 1;
        boolean near = entry.place().sharesRackWith(lost.entry().place());
        return near ? chance : chance | Long.MIN_VALUE;
    }

    /// What this agent's own takeover saw.
    static void taken(Draft draft, Event.Taken event) {
        int slot = draft.state.roster.slot(event.host());
        Peer peer = slot < 0 ? null : draft.state.peers[slot];
        if (peer == null || !peer.care().isTaken()) {
            return;
        }
        DetectorState state = draft.state;
        state.takenSeq++;
        List<ServiceState> services = Services.inferred(peer, event.services());
        var frame =
                new Frame.Taken(
                        state.self.host(),
                        state.self.incarnation(),
                        state.takenSeq,
                        event.host(),
                        event.incarnation(),
                        event.hostProbe(),
                        services);
        merge(draft, slot, peer, frame);
        draft.send(frame);
    }

    /// What another agent that took over says.
    static void heard(Draft draft, Frame.Taken taken) {
        int slot = draft.state.roster.slot(taken.host());
        Peer peer = slot < 0 ? null : draft.state.peers[slot];
        if (peer == null || taken.observer().equals(draft.state.self.host())) {
            return;
        }
        merge(draft, slot, peer, taken);
    }

    private static void merge(Draft draft, int slot, Peer peer, Frame.Taken taken) {
        List<Lane> lanes = merged(peer.care().lanes(), new Lane(taken, draft.nowMs()));
        if (lanes.equals(peer.care().lanes())) {
            return;
        }
        draft.count(Count.TAKEN_HEARD);
        draft.put(slot, peer.with(peer.care().with(lanes)));
        draft.reconsider |= 1L << slot;
        draft.news = true;
    }

    /// The newest of each observer; of more observers than can be the latest are kept. The same
    /// list if nothing is new.
    static List<Lane> merged(List<Lane> lanes, Lane lane) {
        List<Lane> merged = new ArrayList<>(lanes.size() + 1);
        for (Lane held : lanes) {
            if (held.taken().observer().equals(lane.taken().observer())) {
                if (!isNewer(lane.taken(), held.taken())) {
                    return lanes;
                }
            } else {
                merged.add(held);
            }
        }
        merged.add(lane);
        return merged.size() > Roster.LIMIT
                ? List.copyOf(merged.subList(1, merged.size()))
                : List.copyOf(merged);
    }

    private static boolean isNewer(Frame.Taken a, Frame.Taken b) {
        return a.observerIncarnation() != b.observerIncarnation()
                ? a.observerIncarnation() > b.observerIncarnation()
                : a.seq() > b.seq();
    }
}
