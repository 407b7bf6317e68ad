package dev.muster.agent.exposition;

/// How a parser reads.
///
/// @param limits what it takes before it refuses a body
/// @param checks how much of OpenMetrics' rules it holds a body to
/// @param nativeHistograms whether native histograms are read; where not, they are read as the
///   classic ones they also are
/// @param classicBesideNative whether a histogram that is both is read as both
/// @param convertClassic whether a classic histogram that is no native one is read as one with
///   custom bounds; beside it as it is where `classicBesideNative` says so
public record ExpositionOptions(
        ExpositionLimits limits,
        OpenMetricsChecks checks,
        boolean nativeHistograms,
        boolean classicBesideNative,
        boolean convertClassic) {
    /// All rules of OpenMetrics, native histograms without the classic ones beside them.
    public static final ExpositionOptions STRICT =
            new ExpositionOptions(ExpositionLimits.DEFAULT, OpenMetricsChecks.ALL, true, false);

    /// What Prometheus holds a body to, and no native histograms, as it does by default.
    public static final ExpositionOptions SCRAPE =
            new ExpositionOptions(
                    ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR, false, false);

    /// Options without conversion.
    public ExpositionOptions(
            ExpositionLimits limits,
            OpenMetricsChecks checks,
            boolean nativeHistograms,
            boolean classicBesideNative) {
        this(limits, checks, nativeHistograms, classicBesideNative, false);
    }
}
