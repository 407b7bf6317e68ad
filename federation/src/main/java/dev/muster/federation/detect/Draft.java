package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A state in the making, within one call of [Detector#step]. Confined to it. What the state shares
/// with the one before is copied before it is written.
final class Draft {
    final DetectorState state;
    final Now now;
    private @Nullable List<Effect> effects;
    private boolean ownsPeers;
    private boolean ownsCounts;

    /// Whether something has come that may change a verdict before the next tick.
    boolean news;

    /// Slots whose services are to be concluded anew.
    long reconsider;

    /// Whether a host was found dead.
    boolean hostDied;

    private long @Nullable [] witnesses;

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

    List<Effect> effects() {
        return effects == null ? List.of() : effects;
    }

    void add(Effect effect) {
        if (effects == null) {
            effects = new ArrayList<>();
        }
        effects.add(effect);
    }

    /// The peer of that host, or null if it is unknown, gone, or this agent itself.
    @Nullable Peer peer(String host) {
        int slot = state.roster.slot(host);
        return slot < 0 ? null : state.peers[slot];
    }

    void put(Peer peer) {
        put(state.roster.slot(peer.entry().host()), peer);
    }

    void put(int slot, Peer peer) {
        if (!ownsPeers) {
            state.peers = state.peers.clone();
            ownsPeers = true;
        }
        state.peers[slot] = peer;
    }

    /// Replaces all peers; the array is this draft's from now on.
    void put(@Nullable Peer[] peers) {
        state.peers = peers;
        ownsPeers = true;
    }

    /// Puts the peer into another state, and tells.
    Peer change(int slot, Peer peer, Upness after, long sinceMs) {
        Upness before = peer.upness();
        Peer changed = peer.with(peer.verdict().as(after, sinceMs));
        if (!before.equals(after)) {
            if (!before.label().equals(after.label()) && isFlap(before, after)) {
                changed =
                        changed.with(
                                changed.care().with(changed.care().flaps().changed("", nowMs())));
            }
            add(new Effect.Changed(peer.entry().host(), before, after));
            state.version++;
            reconsider |= 1L << slot;
            hostDied |= after instanceof Upness.Down(_, Cause cause) && cause == Cause.HOST_DOWN;
        }
        put(slot, changed);
        return changed;
    }

    /// Who, by slot, agrees to what was decided of that slot.
    void witnesses(int slot, long mask) {
        if (witnesses == null) {
            witnesses = new long[Roster.LIMIT];
        }
        witnesses[slot] = mask;
    }

    /// Hosts of those who agree to what was decided of that slot, sorted; this one if nobody was
    /// asked.
    List<String> witnesses(int slot) {
        long mask = witnesses == null ? 0 : witnesses[slot];
        if (mask == 0) {
            return List.of(state.self.host());
        }
        List<String> hosts = new ArrayList<>(Long.bitCount(mask));
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            hosts.add(state.roster.host(Long.numberOfTrailingZeros(rest)));
        }
        return hosts;
    }

    private static boolean isFlap(Upness before, Upness after) {
        return before instanceof Upness.Down || after instanceof Upness.Down;
    }

    /// Says it by both planes, or by the one that works.
    void send(Frame frame) {
        add(new Effect.Send(frame, state.linkWorks, state.busWorks || !state.linkWorks));
    }

    /// Says it by the bus, which carries much at once; by datagrams only while it is broken.
    void sendByBus(Frame frame) {
        boolean bus = state.busWorks || !state.linkWorks;
        add(new Effect.Send(frame, !bus, bus));
    }

    void count(Count of) {
        count(of, 1);
    }

    void count(Count of, long more) {
        if (more == 0) {
            return;
        }
        if (!ownsCounts) {
            state.counts = state.counts.clone();
            ownsCounts = true;
        }
        state.counts[of.ordinal()] += more;
    }
}
