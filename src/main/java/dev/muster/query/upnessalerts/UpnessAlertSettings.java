package dev.muster.query.upnessalerts;

import dev.muster.model.labels.Labels;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which alerts there are without rules, and how they behave.
///
/// @param kinds that there are
/// @param severities of kinds, where not their own
/// @param rules that go before those; the first that fits holds
/// @param settle how long something must be amiss until it is told, so that a rack that falls is
///   one alert
/// @param flapWindow what begins twice within it flaps
/// @param calm how long something that flaps must be well until that is told
/// @param resend after which what goes on is told again
/// @param externalUrl where people reach this node
public record UpnessAlertSettings(
        Set<UpnessAlertKind> kinds,
        Map<UpnessAlertKind, String> severities,
        List<SeverityRule> rules,
        Duration settle,
        Duration flapWindow,
        Duration calm,
        Duration resend,
        URI externalUrl) {
    public UpnessAlertSettings {
        kinds = Set.copyOf(kinds);
        severities = Map.copyOf(severities);
        rules = List.copyOf(rules);
        if (settle.isNegative()
                || flapWindow.isNegative()
                || calm.isNegative()
                || !resend.isPositive()) {
            throw new IllegalArgumentException(
                    "upness alerts must have times that are not negative: settle="
                            + settle
                            + ", flap-window="
                            + flapWindow
                            + ", calm="
                            + calm
                            + ", resend-delay="
                            + resend);
        }
    }

    /// All kinds, as they are by themselves.
    public static UpnessAlertSettings usual(URI externalUrl) {
        return new UpnessAlertSettings(
                Set.of(UpnessAlertKind.values()),
                new EnumMap<>(UpnessAlertKind.class),
                List.of(),
                Duration.ofMillis(500),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                externalUrl);
    }

    String severity(UpnessAlertKind kind, Labels labels) {
        for (SeverityRule rule : rules) {
            if (rule.fits(labels)) {
                return rule.severity();
            }
        }
        return severities.getOrDefault(kind, kind.severity());
    }
}
