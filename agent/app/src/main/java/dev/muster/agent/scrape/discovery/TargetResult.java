package dev.muster.agent.scrape.discovery;

import dev.muster.model.labels.Labels;

/// What became of a discovered address.
public sealed interface TargetResult {
    /// How it was found.
    TargetOrigin origin();

    /// What was known of it before relabelling.
    Labels discovered();

    /// Name of its job.
    default String job() {
        return origin().job();
    }

    /// It is scraped.
    record Active(Target target) implements TargetResult {
        @Override
        public TargetOrigin origin() {
            return target.origin();
        }

        @Override
        public Labels discovered() {
            return target.discovered();
        }
    }

    /// A relabel rule dropped it.
    ///
    /// @param rule index of the rule in its job, from 0
    /// @param rulePlace where the rule is written, such as `prometheus.yml:17`; empty for one of
    ///   the agent's own
    record Dropped(TargetOrigin origin, Labels discovered, int rule, String rulePlace)
            implements TargetResult {}

    /// It cannot be a target, and why.
    record Refused(TargetOrigin origin, Labels discovered, String reason) implements TargetResult {}
}
