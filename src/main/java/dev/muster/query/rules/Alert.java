package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An alert at one time. Times are Unix milliseconds, 0 for never.
///
/// @param labels of it, `alertname` among them
/// @param annotations of it, by name
/// @param activeAtMs since when its value has been there
/// @param firedAtMs since when it fires
/// @param keepFiringSinceMs since when it fires on without a value; 0 if it has one
/// @param resolvedAtMs when it ended; 0 if it has not
/// @param value of its expression
/// @param completeness share of the fleet that it was last decided on, 0 to 1
public record Alert(
        Labels labels,
        SortedMap<String, String> annotations,
        AlertState state,
        long activeAtMs,
        long firedAtMs,
        long keepFiringSinceMs,
        long resolvedAtMs,
        double value,
        double completeness) {
    public Alert {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }
}
