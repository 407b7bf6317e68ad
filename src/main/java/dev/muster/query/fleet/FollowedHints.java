package dev.muster.query.fleet;

import dev.muster.federation.follow.FleetHints;
import dev.muster.query.source.AgentHints;
import dev.muster.query.source.AgentPlace;
import java.util.Optional;

/// What agents hold, as the streams of their cells tell.
public final class FollowedHints implements AgentHints {
    private final FleetHints hints;

    public FollowedHints(FleetHints hints) {
        this.hints = hints;
    }

    @Override
    public Optional<byte[]> filter(AgentPlace agent) {
        return hints.bytes(agent.cell(), agent.host(), agent.incarnation());
    }
}
