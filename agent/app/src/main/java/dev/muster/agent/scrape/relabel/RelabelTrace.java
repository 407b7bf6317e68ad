package dev.muster.agent.scrape.relabel;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What every rule of a list did to a label set, step by step. Computed when somebody asks, never
/// on the way of a scrape.
///
/// @param before the labels at the start
/// @param steps one for each rule, up to the one that dropped the labels
public record RelabelTrace(Labels before, List<RelabelStep> steps) {
    public RelabelTrace {
        steps = List.copyOf(steps);
    }

    /// Applies the rules as [RelabelRule#apply(List, Labels)] does, and remembers each step.
    public static RelabelTrace of(List<RelabelRule> rules, Labels labels) {
        List<RelabelStep> steps = new ArrayList<>();
        Labels current = labels;
        for (int i = 0; i < rules.size(); i++) {
            RelabelRule rule = rules.get(i);
            @Nullable Labels next = rule.apply(current);
            boolean kept = next != null;
            Labels output = next == null ? Labels.EMPTY : next;
            steps.add(
                    new RelabelStep(
                            i,
                            rule,
                            rule.joined(current),
                            kept,
                            output,
                            kept ? LabelChange.between(current, output) : List.of()));
            if (!kept) {
                break;
            }
            current = output;
        }
        return new RelabelTrace(labels, steps);
    }

    /// The labels at the end; empty if a rule dropped them.
    public Optional<Labels> after() {
        if (droppedBy().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(steps.isEmpty() ? before : steps.getLast().output());
    }

    /// The step whose rule dropped the labels, if one did.
    public Optional<RelabelStep> droppedBy() {
        return steps.isEmpty() || steps.getLast().kept()
                ? Optional.empty()
                : Optional.of(steps.getLast());
    }
}
