package dev.muster.query.alerts;

import dev.muster.model.labels.Labels;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is told of an alert. Times are Unix milliseconds.
///
/// @param labels of the alert, those of this server not among them
/// @param annotations by name
/// @param startsMs since when it fires
/// @param endsMs when it ended, or until when it holds if nothing more is heard
/// @param resolved whether it has ended
/// @param generatorUrl where its expression can be looked at
/// @param value of its expression; NaN where it has none
/// @param completeness share of the fleet that it was decided on, 0 to 1
public record Notice(
        Labels labels,
        SortedMap<String, String> annotations,
        long startsMs,
        long endsMs,
        boolean resolved,
        String generatorUrl,
        double value,
        double completeness) {
    public Notice {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }
}
