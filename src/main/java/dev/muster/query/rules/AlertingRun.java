package dev.muster.query.rules;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Evaluates an alerting rule. Thread-safe: evaluated by one thread, looked at by any.
final class AlertingRun implements RuleRun {
    static final String ALERT_NAME = "alertname";
    private static final String STATE_NAME = "alertstate";
    private static final String ALERTS = "ALERTS";
    private static final String FOR_STATE = "ALERTS_FOR_STATE";

    /// How long an alert is remembered after its end.
    private static final long RETENTION_MS = 15 * 60_000;

    private static final long NONE = ActiveAlert.NONE;

    private final Rule.Alerting rule;
    private final RuleSettings settings;
    private final Map<Labels, ActiveAlert> active = new LinkedHashMap<>();

    /// Whether what it says may be stored: not while what was said before may still count.
    private boolean restored = true;

    AlertingRun(Rule.Alerting rule, RuleSettings settings) {
        this.rule = rule;
        this.settings = settings;
    }

    @Override
    public Rule.Alerting rule() {
        return rule;
    }

    @Override
    public Outcome evaluate(RuleQuery query, long timeMs, long queryMs, int limit)
            throws QueryException, IOException, RuleFailure {
        RuleQuery.Answer answer = query.answer(rule.expr(), queryMs);
        Map<Labels, ActiveAlert> found = found(answer, query, timeMs);
        synchronized (active) {
            found.forEach((labels, alert) -> {
                ActiveAlert known = active.get(labels);
                if (known != null && known.state != AlertState.INACTIVE) {
                    known.renew(alert);
                } else {
                    active.put(labels, alert);
                }
            });
            return new Outcome(advance(found, timeMs, limit), answer.completeness());
        }
    }

    private Map<Labels, ActiveAlert> found(RuleQuery.Answer answer, RuleQuery query, long timeMs)
            throws RuleFailure {
        AlertTemplate template = new AlertTemplate(rule.name(), settings, query, timeMs);
        Map<Labels, ActiveAlert> found = new LinkedHashMap<>();
        for (RuleSample sample : answer.samples()) {
            Labels.Builder builder = sample.labels().toBuilder().remove(Labels.METRIC);
            rule.labels().forEach((name, text) -> builder.set(name, template.expand(text, sample)));
            Labels labels = builder.set(ALERT_NAME, rule.name()).build();
            SortedMap<String, String> annotations = new TreeMap<>();
            rule.annotations()
                    .forEach((name, text) -> annotations.put(name, template.expand(text, sample)));
            ActiveAlert alert =
                    new ActiveAlert(
                            labels, annotations, sample.value(), answer.completeness(), timeMs);
            if (found.put(labels, alert) != null) {
                throw new RuleFailure(
                        "vector contains metrics with the same labelset after applying alert"
                                + " labels");
            }
        }
        return found;
    }

    /// Lets every alert pass to the state that it has now.
    private List<RuleSample> advance(Map<Labels, ActiveAlert> found, long timeMs, int limit)
            throws RuleFailure {
        List<RuleSample> samples = new ArrayList<>();
        int count = 0;
        for (Iterator<ActiveAlert> all = active.values().iterator(); all.hasNext(); ) {
            ActiveAlert alert = all.next();
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
                alert.firedAtMs = timeMs;
            }
            if (restored) {
                add(samples, alert);
            }
        }
        if (limit > 0 && count > limit) {
            active.clear();
            throw new RuleFailure("exceeded limit of " + limit + " with " + count + " alerts");
        }
        return samples;
    }

    private void add(List<RuleSample> samples, ActiveAlert alert) {
        samples.add(new RuleSample(stateLabels(alert), 1, null));
        samples.add(
                new RuleSample(
                        sampleLabels(alert, FOR_STATE).build(),
                        Math.floorDiv(alert.activeAtMs, 1000),
                        null));
    }

    private boolean keepsFiring(ActiveAlert alert, long timeMs) {
        if (alert.state != AlertState.FIRING || !rule.keepFiring().isPositive()) {
            return false;
        }
        if (alert.keepFiringSinceMs == NONE) {
            alert.keepFiringSinceMs = timeMs;
        }
        return timeMs - alert.keepFiringSinceMs < rule.keepFiring().toMillis();
    }

    private static boolean isForgotten(ActiveAlert alert, long timeMs) {
        return alert.resolvedAtMs != NONE && timeMs - alert.resolvedAtMs > RETENTION_MS;
    }

    private Labels stateLabels(ActiveAlert alert) {
        return sampleLabels(alert, ALERTS).set(STATE_NAME, alert.state.text()).build();
    }

    /// Labels of the rule as they stand in its file where the alert has none in their place.
    private Labels.Builder sampleLabels(ActiveAlert alert, String metric) {
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
                    .map(ActiveAlert::shown)
                    .toList();
        }
    }

    /// The alerts that must be told of now, those that have ended among them. They count as told.
    List<Alert> toSend(long timeMs, Duration resend) {
        synchronized (active) {
            List<Alert> due = new ArrayList<>();
            for (ActiveAlert alert : active.values()) {
                if (alert.mustBeSent(timeMs, resend.toMillis())) {
                    alert.lastSentMs = timeMs;
                    due.add(alert.shown());
                }
            }
            return due;
        }
    }

    /// Takes over what another run of the same rule knows.
    void inherit(AlertingRun other) {
        synchronized (other.active) {
            synchronized (active) {
                active.putAll(other.active);
            }
        }
    }

    /// What was said before may still count: nothing is stored until that is decided.
    void awaitRestore() {
        synchronized (active) {
            restored = false;
        }
    }

    /// Nothing more will be heard of what was said before.
    void restored() {
        synchronized (active) {
            restored = true;
        }
    }

    /// Selects the series that say since when alerts of this rule have been active.
    List<LabelMatcher> stateMatchers() {
        List<LabelMatcher> matchers = new ArrayList<>();
        matchers.add(LabelMatcher.equal(Labels.METRIC, FOR_STATE));
        matchers.add(LabelMatcher.equal(ALERT_NAME, rule.name()));
        rule.labels()
                .forEach((name, text) -> {
                    if (!name.equals(ALERT_NAME) && text.indexOf("{{") < 0) {
                        matchers.add(LabelMatcher.equal(name, text));
                    }
                });
        return matchers;
    }

    /// Lets alerts that are active now have been so since what was said of them before an outage,
    /// as Prometheus does.
    ///
    /// @param nowMs end of the outage
    void restore(List<StateSeries> before, long nowMs, Duration grace) {
        synchronized (active) {
            for (StateSeries series : before) {
                ActiveAlert alert = active.get(series.labels());
                if (alert != null && !Staleness.isStale(series.value())) {
                    alert.activeAtMs =
                            restoredAt(series, nowMs, rule.hold().toMillis(), grace.toMillis());
                }
            }
            restored = true;
        }
    }

    /*
     * An alert that was firing goes on. One that was pending has as long to wait as it had when the outage began, since
     * nobody knows whether its value was there meanwhile, and never less than the grace period.
     */
    private static long restoredAt(StateSeries series, long nowMs, long holdMs, long graceMs) {
        long downAtMs = Math.floorDiv(series.timeMs(), 1000) * 1000;
        long activeAtMs = (long) series.value() * 1000;
        long leftMs = holdMs - (downAtMs - activeAtMs);
        if (leftMs <= 0) {
            return activeAtMs;
        }
        return leftMs < graceMs ? nowMs + graceMs - holdMs : activeAtMs + (nowMs - downAtMs);
    }

    /// Goes on with the alerts of a node that has evaluated the rule until now.
    ///
    /// @return the series that they have now
    Set<Labels> adopt(List<StateSeries> before, long nowMs) {
        Set<Labels> series = new HashSet<>();
        synchronized (active) {
            for (StateSeries each : before) {
                if (Staleness.isStale(each.value())) {
                    continue;
                }
                long activeAtMs = (long) each.value() * 1000;
                boolean fires = each.timeMs() - activeAtMs >= rule.hold().toMillis();
                ActiveAlert alert =
                        ActiveAlert.goingOn(each.labels(), activeAtMs, fires, each.timeMs());
                if (active.putIfAbsent(alert.labels, alert) == null) {
                    series.add(stateLabels(alert));
                    series.add(sampleLabels(alert, FOR_STATE).build());
                }
            }
            restored = true;
        }
        return series;
    }
}
