package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.Rule;
import dev.muster.query.rules.live.GroupView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which rules a call asks for.
///
/// @param alerts whether alerting rules are among them
/// @param recordings whether recording rules are among them
/// @param names of rules; empty for all
/// @param groups names; empty for all
/// @param files names; empty for all
/// @param matchers of which one list must hold for the labels of the rule that are no templates;
///   empty for all
record RuleFilter(
        boolean alerts,
        boolean recordings,
        Set<String> names,
        Set<String> groups,
        Set<String> files,
        List<List<LabelMatcher>> matchers) {
    static RuleFilter of(Parameters parameters) throws ApiException {
        String type = parameters.text("type").toLowerCase(Locale.ROOT);
        if (!Set.of("", "alert", "record").contains(type)) {
            throw ApiException.invalid("type", "not supported value " + Times.quoted(type));
        }
        return new RuleFilter(
                !type.equals("record"),
                !type.equals("alert"),
                new HashSet<>(parameters.texts("rule_name[]")),
                new HashSet<>(parameters.texts("rule_group[]")),
                new HashSet<>(parameters.texts("file[]")),
                matchers(parameters.texts("match[]")));
    }

    private static List<List<LabelMatcher>> matchers(List<String> texts) throws ApiException {
        List<List<LabelMatcher>> all = new ArrayList<>();
        for (String text : texts) {
            try {
                all.add(PromQl.parseSelector(text));
            } catch (QueryException e) {
                throw ApiException.invalid("match[]", e.getMessage());
            }
        }
        return all;
    }

    boolean holds(GroupView group) {
        return (groups.isEmpty() || groups.contains(group.name()))
                && (files.isEmpty() || files.contains(group.file()));
    }

    boolean holds(GroupRun.Status status) {
        Rule rule = status.rule();
        boolean kind =
                switch (rule) {
                    case Rule.Alerting _ -> alerts;
                    case Rule.Recording _ -> recordings;
                };
        return kind && (names.isEmpty() || names.contains(rule.name())) && matches(rule);
    }

    private boolean matches(Rule rule) {
        if (matchers.isEmpty()) {
            return true;
        }
        Labels.Builder plain = Labels.builder();
        rule.labels()
                .forEach((name, text) -> {
                    if (!text.contains("{{")) {
                        plain.set(name, text);
                    }
                });
        Labels labels = plain.build();
        return matchers.stream().anyMatch(set -> LabelMatcher.all(set, labels));
    }
}
