package dev.muster.query.rules;

import java.util.Locale;

/// Where an alert is.
public enum AlertState {
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
