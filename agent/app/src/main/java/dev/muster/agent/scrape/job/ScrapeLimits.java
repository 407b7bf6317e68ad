package dev.muster.agent.scrape.job;

/// What one scrape of one target may bring; 0 means no limit. A scrape over a limit fails as a
/// whole, as in Prometheus.
///
/// @param bodySizeBytes size of the body, inflated
/// @param samples samples after metric relabelling
/// @param labels labels of a series
/// @param labelNameLength characters of a label name
/// @param labelValueLength characters of a label value
/// @param targets targets of a job after relabelling; over it all targets of the job fail
public record ScrapeLimits(
        long bodySizeBytes,
        int samples,
        int labels,
        int labelNameLength,
        int labelValueLength,
        int targets) {
    public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0, 0);

    public ScrapeLimits {
        if (bodySizeBytes < 0
                || samples < 0
                || labels < 0
                || labelNameLength < 0
                || labelValueLength < 0
                || targets < 0) {
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
                            + targets);
        }
    }
}
