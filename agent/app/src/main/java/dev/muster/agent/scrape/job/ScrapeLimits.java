package dev.muster.agent.scrape.job;

/// What one scrape of one target may bring; 0 means no limit. A scrape over a limit fails as a
/// whole, as in Prometheus.
///
/// @param bodySizeBytes size of the body, inflated
/// @param samples samples after metric relabelling
/// @param labels labels of a series
/// @param labelNameLength bytes of a label name
/// @param labelValueLength bytes of a label value
/// @param targets targets of a job after relabelling; over it all targets of the job fail
/// @param histogramBuckets buckets of a native histogram; one with more is made coarser until it
///   fits, and refused where it cannot be
/// @param histogramBucketFactor least growth from one bucket of a native histogram to the next; a
///   finer one is made coarser
/// @param droppedTargets targets that relabelling dropped and that are remembered
public record ScrapeLimits(
        long bodySizeBytes,
        int samples,
        int labels,
        int labelNameLength,
        int labelValueLength,
        int targets,
        int histogramBuckets,
        double histogramBucketFactor,
        int droppedTargets) {
    public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0, 0);

    public ScrapeLimits {
        if (bodySizeBytes < 0
                || samples < 0
                || labels < 0
                || labelNameLength < 0
                || labelValueLength < 0
                || targets < 0
                || histogramBuckets < 0
                || !(histogramBucketFactor >= 0)
                || droppedTargets < 0) {
            throw new IllegalArgumentException(
                    "scrape limits must not be negative: bodySizeBytes="
                            + bodySizeBytes
                            + ", samples="
                            + samples
                            + ", labels="
                            + labels
                            + ", labelNameLength="
                            + labelNameLength
                            + ", labelValueLength="
                            + labelValueLength
                            + ", targets="
                            + targets
                            + ", histogramBuckets="
                            + histogramBuckets
                            + ", histogramBucketFactor="
                            + histogramBucketFactor
                            + ", droppedTargets="
                            + droppedTargets);
        }
    }

    /// Without limits of native histograms and of dropped targets.
    public ScrapeLimits(
            long bodySizeBytes,
            int samples,
            int labels,
            int labelNameLength,
            int labelValueLength,
            int targets) {
        this(bodySizeBytes, samples, labels, labelNameLength, labelValueLength, targets, 0, 0, 0);
    }
}
