package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Evaluates an alerting rule. Thread-safe: evaluated by one thread, looked at by any.
final class AlertingRun implements RuleRun {
    static final String ALERT_NAME = "alertname";
    private static final String STATE_NAME = "alertstate";

    /// How long an alert is remembered after its end.
    private static final long RETENTION_MS = 15 * 60_000;

    private static final long NONE = Long.MIN_VALUE;

    private final Rule.Alerting rule;
    private final RuleSettings settings;
    private final Map<Labels, Active> active = new LinkedHashMap<>();

    /// What is known of an alert.
    private static final class Active {
        private final Labels labels;
        private final long activeAtMs;
        private SortedMap<String, String> annotations;
        private AlertState state = AlertState.PENDING;
        private double value;
        private long keepFiringSinceMs = NONE;
        private long resolvedAtMs = NONE;

        private Active(
                Labels labels,
                SortedMap<String, String> annotations,
                double value,
                long activeAtMs) {
            this.labels = labels;
            this.annotations = annotations;
            this.value = value;
            this.activeAtMs = activeAtMs;
        }
    }

    AlertingRun(Rule.Alerting rule, RuleSettings settings) {
        this.rule = rule;
        this.settings = settings;
    }

    @Override
    public Rule.Alerting rule() {
        return rule;
    }

    @Override
    public List<RuleSample> evaluate(RuleQuery query, long timeMs, long queryMs, int limit)
            throws QueryException, IOException, RuleFailure {
        Map<Labels, Active> found = found(query, timeMs, queryMs);
        synchronized (active) {
            found.forEach((labels, alert) -> {
                Active known = active.get(labels);
                if (known != null && known.state != AlertState.INACTIVE) {
                    known.value = alert.value;
                    known.annotations = alert.annotations;
                } else {
                    active.put(labels, alert);
                }
            });
            return advance(found, timeMs, limit);
        }
    }

    private Map<Labels, Active> found(RuleQuery query, long timeMs, long queryMs)
            throws QueryException, IOException, RuleFailure {
        AlertTemplate template = new AlertTemplate(rule.name(), settings, query, timeMs);
        Map<Labels, Active> found = new LinkedHashMap<>();
        for (RuleSample sample : query.at(rule.expr(), queryMs)) {
            Labels.Builder builder = sample.labels().toBuilder().remove(Labels.METRIC);
            rule.labels().forEach((name, text) -> builder.set(name, template.expand(text, sample)));
            Labels labels = builder.set(ALERT_NAME, rule.name()).build();
            SortedMap<String, String> annotations = new TreeMap<>();
            rule.annotations()
                    .forEach((name, text) -> annotations.put(name, template.expand(text, sample)));
            Active alert = new Active(labels, annotations, sample.value(), timeMs);
            if (found.put(labels, alert) != null) {
                throw new RuleFailure(
                        "vector contains metrics with the same labelset after applying alert"
                                + " labels");
            }
        }
        return found;
    }

    /// Lets every alert pass to the state that it has now.
    private List<RuleSample> advance(Map<Labels, Active> found, long timeMs, int limit)
            throws RuleFailure {
        List<RuleSample> samples = new ArrayList<>();
        int count = 0;
        for (Iterator<Active> all = active.values().iterator(); all.hasNext(); ) {
            Active alert = all.next();
            if (found.containsKey(alert.labels)) {
                alert.keepFiringSinceMs = NONE;
            } else if (!keepsFiring(alert, timeMs)) {
                if (alert.state == AlertState.PENDING || isForgotten(alert, timeMs)) {
                    all.remove();
                }
                if (alert.state != AlertState.INACTIVE) {
                    alert.state = AlertState.INACTIVE;
                    alert.resolvedAtMs = timeMs;
                }
                continue;
            }
            count++;
            if (alert.state == AlertState.PENDING
                    && timeMs - alert.activeAtMs >= rule.hold().toMillis()) {
                alert.state = AlertState.FIRING;
            }
            samples.add(new RuleSample(stateLabels(alert), 1, null));
            samples.add(
                    new RuleSample(
                            sampleLabels(alert, "ALERTS_FOR_STATE").build(),
                            Math.floorDiv(alert.activeAtMs, 1000),
                            null));
        }
        if (limit > 0 && count > limit) {
            active.clear();
            throw new RuleFailure("exceeded limit of " + limit + " with " + count + " alerts");
        }
        return samples;
    }

    private boolean keepsFiring(Active alert, long timeMs) {
        if (alert.state != AlertState.FIRING || !rule.keepFiring().isPositive()) {
            return false;
        }
        if (alert.keepFiringSinceMs == NONE) {
            alert.keepFiringSinceMs = timeMs;
        }
        return timeMs - alert.keepFiringSinceMs < rule.keepFiring().toMillis();
    }

    private static boolean isForgotten(Active alert, long timeMs) {
        return alert.resolvedAtMs != NONE && timeMs - alert.resolvedAtMs > RETENTION_MS;
    }

    private Labels stateLabels(Active alert) {
        return sampleLabels(alert, "ALERTS").set(STATE_NAME, alert.state.text()).build();
    }

    /// Labels of the rule as they stand in its file where the alert has none in their place.
    private Labels.Builder sampleLabels(Active alert, String metric) {
        Labels.Builder labels = Labels.builder();
        rule.labels().forEach(labels::set);
        alert.labels.forEach(labels::set);
        return labels.set(Labels.METRIC, metric).set(ALERT_NAME, rule.name());
    }

    /// The alerts that are pending or firing.
    List<Alert> alerts() {
        synchronized (active) {
            return active.values().stream()
                    .filter(alert -> alert.resolvedAtMs == NONE)
                    .map(alert ->
                            new Alert(
                                    alert.labels,
                                    alert.annotations,
                                    alert.state,
                                    alert.activeAtMs,
                                    alert.keepFiringSinceMs == NONE ? 0 : alert.keepFiringSinceMs,
                                    alert.value))
                    .toList();
        }
    }
}
