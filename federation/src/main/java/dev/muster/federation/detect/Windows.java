package dev.muster.federation.detect;

/// How long an agent must be silent to be flagged.
///
/// Longer in a small cell, where one witness weighs much, and there longer still while beats get
/// lost; longer for an agent that is heard by the bus only; and for a while after this process
/// stood still, since it may do so again.
final class Windows {
    private final long directMs;
    private final long busMs;
    private final double stretch;
    private final long limitMs;
    private final boolean link;

    Windows(DetectorState state, long nowMs) {
        DetectorConfig config = state.config;
        this.limitMs = config.windowLimit().toMillis();
        this.link = state.linkWorks;
        long direct = config.window().toMillis();
        if (state.peers.length < Quorum.SMALL) {
            long beats = state.loss.beatsFor(DetectorConfig.LOST_BY_CHANCE);
            direct =
                    Math.max(
                            config.smallWindow().toMillis(),
                            beats * config.beatInterval().toMillis());
        }
        this.directMs = Math.min(direct, limitMs);
        this.busMs = Math.min(Math.max(direct, config.busWindow().toMillis()), limitMs);
        this.stretch = nowMs < state.recoverUntilMs ? state.stretch : 1;
    }

    /// The window of this agent for that peer.
    long of(Peer peer) {
        return Math.min(Math.round(baseOf(peer) * stretch), Math.max(limitMs, baseOf(peer)));
    }

    /// The same, had this process never stood still.
    long baseOf(Peer peer) {
        return isByBus(peer) ? busMs : directMs;
    }

    /// Whether its beats come by the bus only.
    boolean isByBus(Peer peer) {
        return !link
                || (peer.hearing().beat() != null
                        && peer.hearing().heardMs() - peer.hearing().directMs() > busMs);
    }
}
