package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An alert at one time.
///
/// @param labels of it, `alertname` among them
/// @param annotations of it, by name
/// @param activeAtMs since when its value has been there
/// @param keepFiringSinceMs since when it fires on without a value; 0 if it has one
/// @param value of its expression
public record Alert(
        Labels labels,
        SortedMap<String, String> annotations,
        AlertState state,
        long activeAtMs,
        long keepFiringSinceMs,
        double value) {
    public Alert {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }
}
