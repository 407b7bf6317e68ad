package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.discovery.Target;
import java.util.Optional;

/// What is known of a target's scrapes. Immutable.
///
/// @param target the target
/// @param last the last scrape; empty before the first
/// @param fetch how its fetch went
/// @param sinceMs when the target came to be as it is, up or down; Unix time
/// @param series series remembered
/// @param service how the service behind it is, as concluded from more than one scrape
public record TargetStatus(
        Target target,
        Optional<ScrapeOutcome> last,
        FetchReport fetch,
        long sinceMs,
        int series,
        ServiceHold service) {
    static TargetStatus unscraped(Target target, long nowMs) {
        return new TargetStatus(
                target, Optional.empty(), FetchReport.NONE, nowMs, 0, ServiceHold.NONE);
    }

    /// The same of a target that takes the place of this one's.
    TargetStatus of(Target successor) {
        return new TargetStatus(successor, last, fetch, sinceMs, series, service);
    }

    public boolean up() {
        return last.map(ScrapeOutcome::up).orElse(false);
    }

    /// Why it is not up, or not stored; empty when all is well.
    public String error() {
        return last.map(outcome ->
                        outcome.up() && !outcome.storeError().isEmpty()
                                ? "not stored: " + outcome.storeError()
                                : outcome.reason())
                .orElse("");
    }
}
