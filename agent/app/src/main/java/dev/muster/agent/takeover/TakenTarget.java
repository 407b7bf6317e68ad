package dev.muster.agent.takeover;

import dev.muster.agent.scrape.ServiceHold;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;

/// A target of a lost peer: how it is, as far as this agent can say. Confined to one thread.
final class TakenTarget {
    private final ManifestTarget target;
    private final String refused;
    private final long startedMs;
    private String untold = "";
    private long untoldMs;

    /// @param refused why it is not scraped; empty if it is
    TakenTarget(ManifestTarget target, String refused, long startedMs) {
        this.target = target;
        this.refused = refused;
        this.startedMs = startedMs;
    }

    ManifestTarget target() {
        return target;
    }

    /// Why it is not scraped; empty if it is.
    String refused() {
        return refused;
    }

    /// A target that is not scraped.
    ServiceState unscraped() {
        return unknown(refused, startedMs);
    }

    /// @param status of its scrapes
    /// @param source that it is scraped through
    ServiceState state(TargetStatus status, GatedSource source, long nowMs) {
        String reason = source.untold();
        if (!reason.isEmpty()) {
            if (!reason.equals(untold)) {
                untold = reason;
                untoldMs = nowMs;
            }
            return unknown(reason, untoldMs);
        }
        untold = "";
        if (source.byHost()) {
            return state(Health.DOWN, Provenance.HOST, status.error(), status.sinceMs());
        }
        ServiceHold service = status.service();
        if (!service.known()) {
            return unknown(
                    status.last().isEmpty() ? "not looked at yet" : "one look says too little",
                    startedMs);
        }
        return service.up()
                ? state(Health.UP, Provenance.PEER, "", service.sinceMs())
                : state(Health.DOWN, Provenance.PEER, status.error(), service.sinceMs());
    }

    private ServiceState unknown(String reason, long sinceMs) {
        return state(Health.UNKNOWN, Provenance.NONE, reason, sinceMs);
    }

    private ServiceState state(Health health, Provenance by, String reason, long sinceMs) {
        return new ServiceState(
                cut(target.job()), cut(target.instance()), health, by, reason, sinceMs);
    }

    static String cut(String name) {
        return name.length() <= ServiceState.TEXT_LIMIT
                ? name
                : name.substring(0, ServiceState.TEXT_LIMIT);
    }
}
