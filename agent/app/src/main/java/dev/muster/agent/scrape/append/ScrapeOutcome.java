package dev.muster.agent.scrape.append;

import java.util.Optional;

/// How a scrape went.
///
/// @param tickMs its nominal time
/// @param fault why `up` is 0; empty where it is 1
/// @param storeError why its samples could not be stored; empty where they were
/// @param bodyBytes size of the body, inflated
/// @param samplesScraped samples in the body, up to where it was refused
/// @param samplesKept samples after metric relabelling
/// @param samplesFolded samples of new series that stand in the count of an `__overflow__` series
/// @param seriesAdded series that the scrape before did not have
/// @param durationNanos from the start of the fetch until the samples were appended
public record ScrapeOutcome(
        long tickMs,
        Optional<ScrapeFault> fault,
        String storeError,
        int bodyBytes,
        int samplesScraped,
        int samplesKept,
        int samplesFolded,
        int seriesAdded,
        long durationNanos) {
    /// A scrape whose samples had no place to go: the store gave no appender.
    public static ScrapeOutcome notStored(
            long tickMs, Optional<ScrapeFault> fault, String storeError) {
        return new ScrapeOutcome(tickMs, fault, storeError, 0, 0, 0, 0, 0, 0);
    }

    public boolean up() {
        return fault.isEmpty();
    }

    /// Why `up` is 0, in words; empty where it is 1.
    public String reason() {
        return fault.map(ScrapeFault::text).orElse("");
    }

    ScrapeOutcome withStoreError(String error) {
        return new ScrapeOutcome(
                tickMs,
                fault,
                error,
                bodyBytes,
                samplesScraped,
                samplesKept,
                samplesFolded,
                seriesAdded,
                durationNanos);
    }
}
