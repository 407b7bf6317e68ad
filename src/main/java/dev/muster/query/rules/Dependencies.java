package dev.muster.query.rules;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which rules of a group may read what rules before them in the group have just stored.
final class Dependencies {
    private Dependencies() {}

    /// For each rule whether it may.
    static List<Boolean> of(List<Rule> rules) {
        List<Boolean> dependent = new ArrayList<>();
        Set<String> stored = new HashSet<>();
        for (Rule rule : rules) {
            dependent.add(!stored.isEmpty() && reads(rule, stored));
            switch (rule) {
                case Rule.Recording recording -> stored.add(recording.name());
                case Rule.Alerting _ -> stored.addAll(List.of("ALERTS", "ALERTS_FOR_STATE"));
            }
        }
        return List.copyOf(dependent);
    }

    private static boolean reads(Rule rule, Set<String> stored) {
        try {
            return PromQl.selectors(PromQl.parse(rule.expr())).stream()
                    .anyMatch(selector -> reads(selector, stored));
        } catch (QueryException _) {
            // says so itself when it is evaluated
            return false;
        }
    }

    private static boolean reads(List<LabelMatcher> selector, Set<String> stored) {
        return stored.stream()
                .anyMatch(metric ->
                        selector.stream()
                                .filter(matcher -> matcher.name().equals(Labels.METRIC))
                                .allMatch(matcher -> matcher.matches(metric)));
    }
}
