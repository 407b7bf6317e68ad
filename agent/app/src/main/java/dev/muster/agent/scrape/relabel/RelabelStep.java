package dev.muster.agent.scrape.relabel;

import dev.muster.model.labels.Labels;
import java.util.List;

/// What one rule did to a label set.
///
/// @param index of the rule in its list, from 0
/// @param rule the rule
/// @param looked the values of the source labels, joined: what the regex was matched against. Empty
///   for rules that look at label names
/// @param kept false if the rule dropped the labels
/// @param output the labels after it; none if they were dropped
/// @param changes what the rule changed; none if it dropped the labels
public record RelabelStep(
        int index,
        RelabelRule rule,
        String looked,
        boolean kept,
        Labels output,
        List<LabelChange> changes) {
    public RelabelStep {
        changes = List.copyOf(changes);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "relabel step: index must not be negative: index=" + index);
        }
    }

    /// Did the rule leave everything as it was?
    public boolean idle() {
        return kept && changes.isEmpty();
    }
}
