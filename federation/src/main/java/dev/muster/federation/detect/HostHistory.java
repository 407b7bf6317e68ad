package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Told;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.util.List;

/// Tells history how hosts are. A doubt that others do not share is not told, nor is an announced
/// restart; a silence is told from its last sign of life on, and corrected when its cause is known.
final class HostHistory {
    private HostHistory() {}

    static void follow(Draft draft, int slot) {
        Peer peer = draft.state.peers[slot];
        if (peer == null || isUntold(peer.upness())) {
            return;
        }
        Told told = peer.verdict().told();
        Told now = now(peer, told, peer.isUp() ? List.of() : draft.witnesses(slot));
        if (now.label().equals(told.label()) && now.cause() == told.cause()) {
            return;
        }
        draft.put(slot, peer.with(peer.verdict().told(now)));
        tell(
                draft,
                peer.entry().host(),
                now,
                peer.isUp() ? Provenance.OWN : provenance(now),
                now.witnesses());
    }

    private static boolean isUntold(Upness upness) {
        return upness instanceof Upness.Suspect(_, Cause cause)
                && (cause == Cause.PARTIAL
                        || cause == Cause.NOT_HEARD
                        || cause == Cause.RESTARTING);
    }

    private static Told now(Peer peer, Told told, List<String> witnesses) {
        Upness upness = peer.upness();
        String label = upness instanceof Upness.Suspect ? "unknown" : upness.label();
        Cause cause = upness.why().orElse(Cause.NONE);
        long atMs = upness.sinceMs();
        boolean corrects = atMs == told.atMs();
        return new Told(
                label,
                cause,
                atMs,
                corrects ? told.version() + 1 : 0,
                corrects ? told.from() : told.label(),
                corrects && witnesses.size() < told.witnesses().size()
                        ? told.witnesses()
                        : witnesses);
    }

    private static Provenance provenance(Told told) {
        if (told.cause() == Cause.HOST_DOWN) {
            return Provenance.HOST;
        }
        return told.label().equals("unknown") ? Provenance.NONE : Provenance.PEER;
    }

    /// This agent has started, or an agent has left.
    static void tell(Draft draft, String host, Told now, Provenance by, List<String> witnesses) {
        draft.count(Count.TRANSITIONS);
        long nowMs = draft.now.unixMs();
        draft.add(
                new Effect.Transited(
                        new Transition(
                                draft.state.cell,
                                host,
                                "",
                                "",
                                Math.min(now.atMs(), nowMs),
                                nowMs,
                                now.from(),
                                now.label(),
                                now.cause(),
                                by,
                                witnesses,
                                now.version())));
    }
}
