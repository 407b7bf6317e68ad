package dev.muster.query.rules;

import java.util.Locale;

/// Where an alert is, or a rule by the alert of it that has come furthest.
public enum AlertState {
    /// The rule has not been evaluated yet.
    UNKNOWN,
    /// Its value has gone.
    INACTIVE,
    /// Its value is there, not yet for long enough.
    PENDING,
    FIRING;

    /// As Prometheus writes it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
