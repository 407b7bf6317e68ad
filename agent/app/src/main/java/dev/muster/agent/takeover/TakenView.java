package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.member.ServiceState;
import java.util.List;

/// A lost peer whose services this agent looks after, for people. Immutable.
///
/// @param host the peer
/// @param sinceMs since when, Unix time
/// @param probe the best that its host answered
/// @param services how its services are
/// @param omitted services that its manifest had no place for
public record TakenView(
        String host, long sinceMs, ProbeResult probe, List<ServiceState> services, int omitted) {
    public TakenView {
        services = List.copyOf(services);
    }
}
