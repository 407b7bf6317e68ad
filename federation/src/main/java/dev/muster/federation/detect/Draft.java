package dev.muster.federation.detect;

import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A state in the making, within one call of [Detector#step]. Confined to it.
final class Draft {
    final DetectorState state;
    final Now now;
    final List<Effect> effects = new ArrayList<>();

    Draft(DetectorState state, Now now) {
        this.state = state;
        this.now = now;
    }

    long nowMs() {
        return now.monotonicMs();
    }

    DetectorConfig config() {
        return state.config;
    }

    /// The peer of that host, or null if it is unknown, gone, or this agent itself.
    @Nullable Peer peer(String host) {
        int slot = state.roster.slot(host);
        return slot < 0 ? null : state.peers[slot];
    }

    void put(Peer peer) {
        state.peers[state.roster.slot(peer.entry().host())] = peer;
    }

    /// Puts the peer into another state, and tells.
    Peer change(Peer peer, Upness after, long sinceMs) {
        Upness before = peer.upness();
        Peer changed = peer.with(after, sinceMs);
        put(changed);
        if (!before.equals(after)) {
            effects.add(new Effect.Changed(peer.entry().host(), before, after));
            state.version++;
        }
        return changed;
    }

    /// Says it by both planes, or by the one that works.
    void send(Frame frame) {
        effects.add(new Effect.Send(frame, state.linkWorks, state.busWorks || !state.linkWorks));
    }

    void count(Count of) {
        count(of, 1);
    }

    void count(Count of, long more) {
        state.counts[of.ordinal()] += more;
    }
}
