package dev.muster.query.rules;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A rule of a group.
public sealed interface Rule {
    /// Of the metric or of the alert.
    String name();

    /// The expression as PromQL.
    String expr();

    /// Labels of the rule and of its group, by name; of alerts, the values are templates.
    SortedMap<String, String> labels();

    /// A rule whose values are recorded as a metric.
    record Recording(String name, String expr, SortedMap<String, String> labels) implements Rule {
        public Recording {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }
    }

    /// A rule whose values are alerts.
    ///
    /// @param hold how long a value must be there before the alert fires
    /// @param keepFiring how long an alert fires on when its value has gone
    /// @param annotations by name; the values are templates
    record Alerting(
            String name,
            String expr,
            Duration hold,
            Duration keepFiring,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations)
            implements Rule {
        public Alerting {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        }
    }
}
