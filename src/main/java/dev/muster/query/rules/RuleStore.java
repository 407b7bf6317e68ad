package dev.muster.query.rules;

import java.util.Optional;

/// Where the samples of rules go.
@FunctionalInterface
public interface RuleStore {
    /// Appends a sample.
    ///
    /// @return why it was refused, in Prometheus' words; empty if it was not
    Optional<String> append(RuleSample sample, long timeMs);
}
