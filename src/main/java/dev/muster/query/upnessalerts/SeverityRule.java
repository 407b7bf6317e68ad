package dev.muster.query.upnessalerts;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Objects;

/// How severe alerts of certain labels are.
///
/// @param matchers that an alert's labels must all match
/// @param severity the label that it gets then
public record SeverityRule(List<LabelMatcher> matchers, String severity) {
    public SeverityRule {
        matchers = List.copyOf(matchers);
        if (matchers.isEmpty() || severity.isBlank()) {
            throw new IllegalArgumentException(
                    "severity rule must have matchers and a severity: matchers="
                            + matchers
                            + ", severity="
                            + severity);
        }
    }

    boolean fits(Labels labels) {
        return matchers.stream()
                .allMatch(matcher ->
                        matcher.matches(
                                Objects.requireNonNullElse(labels.get(matcher.name()), "")));
    }
}
