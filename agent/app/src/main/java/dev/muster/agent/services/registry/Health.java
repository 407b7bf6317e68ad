package dev.muster.agent.services.registry;

import java.util.Locale;
import java.util.Optional;

/// How a service is, best first.
public enum Health {
    PASSING,
    WARNING,
    CRITICAL;

    /// As it is written.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The health of that name; `pass`, `warn` and `fail` are names, too.
    public static Optional<Health> of(String text) {
        return switch (text) {
            case "passing", "pass" -> Optional.of(PASSING);
            case "warning", "warn" -> Optional.of(WARNING);
            case "critical", "fail" -> Optional.of(CRITICAL);
            default -> Optional.empty();
        };
    }

    Health worse(Health other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
