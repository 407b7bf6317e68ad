package dev.muster.agent.scrape.relabel;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// One label that a rule added, rewrote or removed.
///
/// @param name of the label
/// @param before its value; empty where it was not there
/// @param after its value; empty where it is gone
public record LabelChange(String name, String before, String after) {
    /// What differs between two label sets, ascending by name.
    public static List<LabelChange> between(Labels before, Labels after) {
        TreeSet<String> names = new TreeSet<>();
        before.forEach((name, _) -> names.add(name));
        after.forEach((name, _) -> names.add(name));
        List<LabelChange> changes = new ArrayList<>();
        for (String name : names) {
            if (!before.valueOf(name).equals(after.valueOf(name))) {
                changes.add(new LabelChange(name, before.valueOf(name), after.valueOf(name)));
            }
        }
        return changes;
    }
}
