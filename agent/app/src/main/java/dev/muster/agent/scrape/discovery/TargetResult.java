package dev.muster.agent.scrape.discovery;

import dev.muster.model.labels.Labels;

/// What became of a discovered address.
public sealed interface TargetResult {
    /// It is scraped.
    record Active(Target target) implements TargetResult {}

    /// A relabel rule dropped it.
    record Dropped(String job, Labels discovered) implements TargetResult {}

    /// It cannot be a target, and why.
    record Refused(String job, Labels discovered, String reason) implements TargetResult {}
}
