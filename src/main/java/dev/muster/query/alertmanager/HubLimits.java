package dev.muster.query.alertmanager;

import java.time.Duration;

/// Bounds of the alert manager.
///
/// @param alerts most alerts that are kept
/// @param silences most silences that are kept
/// @param groups most groups of alerts
/// @param retention how long silences are kept after they have expired, and how long it is known at
///   most who was told what
public record HubLimits(int alerts, int silences, int groups, Duration retention) {
    /// What holds where nothing is said; 120 hours are Alertmanager's.
    public static final HubLimits DEFAULT =
            new HubLimits(200_000, 10_000, 100_000, Duration.ofHours(120));

    public HubLimits {
        if (alerts < 1 || silences < 1 || groups < 1 || !retention.isPositive()) {
            throw new IllegalArgumentException(
                    "limits of the alert manager must be positive: alerts="
                            + alerts
                            + ", silences="
                            + silences
                            + ", groups="
                            + groups
                            + ", retention="
                            + retention);
        }
    }
}
