package dev.muster.query.rules;

import java.util.Optional;

/// Where the samples of rules go.
@FunctionalInterface
public interface RuleStore {
    /// Appends a sample.
    ///
    /// @return why it was refused, in Prometheus' words; empty if it was not
    Optional<String> append(RuleSample sample, long timeMs);

    /// Waits, for a bounded time, until queries find what was appended.
    default void settle() {}

    /// The evaluation is over: what was appended may be sent.
    default void flush() {}
}
