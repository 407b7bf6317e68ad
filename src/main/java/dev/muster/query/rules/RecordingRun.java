package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Evaluates a recording rule.
record RecordingRun(Rule.Recording rule) implements RuleRun {
    @Override
    public Outcome evaluate(RuleQuery query, long timeMs, long queryMs, int limit)
            throws QueryException, IOException, RuleFailure {
        List<RuleSample> samples = new ArrayList<>();
        Set<Labels> seen = new HashSet<>();
        RuleQuery.Answer answer = query.answer(rule.expr(), queryMs);
        for (RuleSample sample : answer.samples()) {
            Labels.Builder labels = sample.labels().toBuilder().set(Labels.METRIC, rule.name());
            rule.labels().forEach(labels::set);
            Labels recorded = labels.build();
            if (!seen.add(recorded)) {
                throw new RuleFailure(
                        "vector contains metrics with the same labelset after applying rule"
                                + " labels");
            }
            samples.add(new RuleSample(recorded, sample.value(), sample.histogram()));
        }
        if (limit > 0 && samples.size() > limit) {
            throw new RuleFailure(
                    "exceeded limit of " + limit + " with " + samples.size() + " series");
        }
        return new Outcome(samples, answer.completeness());
    }
}
