package dev.muster.agent.scrape.append;

/// How a scrape went.
///
/// @param tickMs its nominal time
/// @param reason why `up` is 0, in words; empty where it is 1
/// @param storeError why its samples could not be stored; empty where they were
/// @param bodyBytes size of the body, inflated
/// @param samplesScraped samples in the body, up to where it was refused
/// @param samplesKept samples after metric relabelling
/// @param seriesAdded series that the scrape before did not have
/// @param durationNanos from the start of the fetch until the samples were appended
public record ScrapeOutcome(
        long tickMs,
        String reason,
        String storeError,
        int bodyBytes,
        int samplesScraped,
        int samplesKept,
        int seriesAdded,
        long durationNanos) {
    public boolean up() {
        return reason.isEmpty();
    }

    ScrapeOutcome withStoreError(String error) {
        return new ScrapeOutcome(
                tickMs,
                reason,
                error,
                bodyBytes,
                samplesScraped,
                samplesKept,
                seriesAdded,
                durationNanos);
    }
}
