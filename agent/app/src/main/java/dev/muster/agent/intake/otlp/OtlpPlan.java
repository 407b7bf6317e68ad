package dev.muster.agent.intake.otlp;

import java.util.List;

/// How OpenTelemetry metrics become series.
///
/// @param names how names are written
/// @param promoted resource attributes that every series gets as labels; `*` for all
/// @param nativeHistograms do histograms with bounds become native ones, instead of a series for
///   each bucket?
/// @param deltaSeries most series that are summed up from deltas, 1 to 1000000
public record OtlpPlan(
        NameStrategy names, List<String> promoted, boolean nativeHistograms, int deltaSeries) {
    private static final int MOST_DELTA_SERIES = 1_000_000;

    /// As Prometheus does without configuration.
    public static final OtlpPlan DEFAULT =
            new OtlpPlan(NameStrategy.UNDERSCORES_WITH_SUFFIXES, List.of(), false, 10_000);

    public OtlpPlan {
        promoted = List.copyOf(promoted);
        if (deltaSeries < 1 || deltaSeries > MOST_DELTA_SERIES) {
            throw new IllegalArgumentException(
                    "delta-series-limit must be 1 to " + MOST_DELTA_SERIES + ": " + deltaSeries);
        }
    }
}
