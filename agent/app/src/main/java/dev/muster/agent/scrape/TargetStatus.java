package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.discovery.Target;
import java.util.Optional;

/// What is known of a target's scrapes. Immutable.
///
/// @param target the target
/// @param last the last scrape; empty before the first
/// @param sinceMs when the target came to be as it is, up or down; Unix time
/// @param series series remembered
public record TargetStatus(Target target, Optional<ScrapeOutcome> last, long sinceMs, int series) {
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
