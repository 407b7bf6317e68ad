package dev.muster.query.alertmanager.state;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.InhibitRule;
import dev.muster.query.alertmanager.match.Matcher;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which alerts are held back because others fire. Sources are found by the labels that must be
/// equal. Thread-safe.
public final class Inhibitor {
    private final List<Sources> rules;

    /// The sources of one rule, by the labels that must be equal, and by fingerprint.
    private record Sources(InhibitRule rule, Map<Labels, Map<Long, Alert>> byEqual) {}

    /// @param rules of the configuration file
    public Inhibitor(List<InhibitRule> rules) {
        this.rules = rules.stream().map(rule -> new Sources(rule, new HashMap<>())).toList();
    }

    /// Learns of an alert.
    public synchronized void put(Alert alert) {
        for (Sources sources : rules) {
            if (Matcher.all(sources.rule.source(), alert.labels())) {
                sources.byEqual
                        .computeIfAbsent(
                                alert.labels().only(sources.rule.equal()), key -> new HashMap<>())
                        .put(alert.fingerprint(), alert);
            }
        }
    }

    /// The alert that holds back one with these labels, if any does: one that fires, and not one
    /// that would itself be held back by the other.
    public synchronized Optional<Alert> inhibiting(Labels labels, Instant now) {
        for (Sources sources : rules) {
            InhibitRule rule = sources.rule;
            if (!Matcher.all(rule.target(), labels)) {
                continue;
            }
            boolean bothSides = Matcher.all(rule.source(), labels);
            Map<Long, Alert> candidates =
                    sources.byEqual.getOrDefault(labels.only(rule.equal()), Map.of());
            for (Alert source : candidates.values()) {
                if (!source.resolvedAt(now)
                        && !(bothSides && Matcher.all(rule.target(), source.labels()))) {
                    return Optional.of(source);
                }
            }
        }
        return Optional.empty();
    }

    /// Forgets sources that have ended.
    public synchronized void collect(Instant now) {
        for (Sources sources : rules) {
            sources.byEqual
                    .values()
                    .forEach(byPrint -> {
                        byPrint.values().removeIf(alert -> alert.resolvedAt(now));
                    });
            sources.byEqual.values().removeIf(Map::isEmpty);
        }
    }
}
