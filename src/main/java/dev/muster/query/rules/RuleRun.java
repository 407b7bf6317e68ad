package dev.muster.query.rules;

import dev.muster.promql.QueryException;
import java.io.IOException;
import java.util.List;

/// A rule with what it remembers from one evaluation to the next.
sealed interface RuleRun permits RecordingRun, AlertingRun {
    Rule rule();

    /// Evaluates the rule.
    ///
    /// @param queryMs time of its queries and samples: `timeMs`, or earlier
    /// @param limit most series or alerts; 0 for any number
    Outcome evaluate(RuleQuery query, long timeMs, long queryMs, int limit)
            throws QueryException, IOException, RuleFailure;

    /// What an evaluation brought.
    ///
    /// @param samples to be stored
    /// @param completeness share of the fleet that they stand on, 0 to 1
    record Outcome(List<RuleSample> samples, double completeness) {
        public Outcome {
            samples = List.copyOf(samples);
        }
    }
}
