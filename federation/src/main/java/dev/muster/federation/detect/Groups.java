package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;

/// Finds hosts that died as one: all of a rack within one window.
final class Groups {
    /// Apart by the time between two beats, and by what one observer is slower than another.
    private static final long TOGETHER_MS = 3000;

    private Groups() {}

    static void tell(Draft draft) {
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null && isDead(peer) && peer.verdict().note() != Cause.RACK_DOWN) {
                tell(draft, peer.entry().place());
            }
        }
    }

    private static void tell(Draft draft, Place rack) {
        if (rack.rack().isEmpty() || rack.sharesRackWith(draft.state.self.place())) {
            return;
        }
        List<Integer> slots = new ArrayList<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int slot = 0; slot < draft.state.peers.length; slot++) {
            Peer peer = draft.state.peers[slot];
            if (peer != null && peer.entry().place().sharesRackWith(rack)) {
                if (!isDead(peer)) {
                    return;
                }
                slots.add(slot);
                first = Math.min(first, peer.upness().sinceMs());
                last = Math.max(last, peer.upness().sinceMs());
            }
        }
        if (slots.size() < 2 || last - first > TOGETHER_MS) {
            return;
        }
        List<String> hosts = new ArrayList<>();
        for (int slot : slots) {
            Peer peer = draft.state.peers[slot];
            if (peer != null) {
                hosts.add(peer.entry().host());
                draft.put(slot, peer.with(peer.verdict().noted(Cause.RACK_DOWN)));
            }
        }
        draft.state.version++;
        draft.add(new Effect.GroupDown(rack, hosts, first));
    }

    private static boolean isDead(Peer peer) {
        return peer.upness() instanceof Upness.Down(_, Cause cause) && cause == Cause.HOST_DOWN;
    }
}
