package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.AppendResult;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counters of what was appended, over all targets. Thread-safe.
public final class AppendMetrics {
    private static final AppendResult[] RESULTS = AppendResult.values();

    private final AtomicLongArray results = new AtomicLongArray(RESULTS.length);
    final LongAdder duplicates = new LongAdder();
    final LongAdder seriesOverLimit = new LongAdder();
    final LongAdder staleMarkers = new LongAdder();
    final LongAdder cacheGuesses = new LongAdder();
    final LongAdder cacheMisses = new LongAdder();
    final LongAdder commitFailures = new LongAdder();

    void count(AppendResult result, long samples) {
        results.addAndGet(result.ordinal(), samples);
    }

    public long appended() {
        return results.get(AppendResult.APPENDED.ordinal());
    }

    public void write(ExpositionWriter out) {
        out.family(
                "muster_scrape_samples_appended_total",
                MetricType.COUNTER,
                "Samples of scrapes that the head took.");
        out.sample("muster_scrape_samples_appended_total", appended());
        out.family(
                "muster_scrape_samples_refused_total",
                MetricType.COUNTER,
                "Samples of scrapes that were not stored, by reason.");
        for (AppendResult result : RESULTS) {
            if (result != AppendResult.APPENDED) {
                out.sample(
                        "muster_scrape_samples_refused_total",
                        "reason",
                        result.name().toLowerCase(Locale.ROOT),
                        results.get(result.ordinal()));
            }
        }
        out.sample(
                "muster_scrape_samples_refused_total",
                "reason",
                "duplicate_in_scrape",
                duplicates.sum());
        out.sample(
                "muster_scrape_samples_refused_total",
                "reason",
                "series_over_limit",
                seriesOverLimit.sum());
        counter(
                out,
                "muster_scrape_stale_markers_total",
                "Staleness markers written.",
                staleMarkers);
        counter(
                out,
                "muster_scrape_series_guessed_total",
                "Samples whose series was where it was expected.",
                cacheGuesses);
        counter(
                out,
                "muster_scrape_series_looked_up_total",
                "Samples whose series had to be looked up.",
                cacheMisses);
        counter(
                out,
                "muster_scrape_commit_failures_total",
                "Scrapes whose samples could not be stored.",
                commitFailures);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
