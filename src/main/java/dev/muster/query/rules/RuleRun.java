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
    /// @return samples to be stored
    List<RuleSample> evaluate(RuleQuery query, long timeMs, long queryMs, int limit)
            throws QueryException, IOException, RuleFailure;
}
