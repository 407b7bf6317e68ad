package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ScrapeParser;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes the parser's sample to the series that the cache knows it by: its value or histogram,
/// since when it counts, its exemplars. Confined to the thread that appends.
final class SampleWriter {
    /// Start time of a series that must be told again.
    private static final long UNTOLD = Long.MIN_VALUE;

    private static final AppendResult[] RESULTS = AppendResult.values();

    private final SampleAppender out;
    private final ScrapeParser parser;
    private final SeriesCache cache;
    private final OpenSeries open;
    private final Newcomers newcomers;
    private final SeriesRules rules;
    private final HistogramRules histograms;
    private final AppendMetrics metrics;
    private final FaultLog faults = new FaultLog();
    private final long[] results = new long[RESULTS.length];

    /// Entries whose start was told in this scrape.
    private final IntList started = new IntList();

    private int round;
    private int lastGoodRound;
    private long tickMs;
    private int added;

    SampleWriter(
            SampleAppender out,
            ScrapeParser parser,
            SeriesCache cache,
            OpenSeries open,
            Newcomers newcomers,
            AppendRules rules,
            AppendMetrics metrics) {
        this.out = out;
        this.parser = parser;
        this.cache = cache;
        this.open = open;
        this.newcomers = newcomers;
        this.rules = rules.series();
        histograms = new HistogramRules(rules.limits());
        this.metrics = metrics;
    }

    /// A scrape begins.
    void begin(long newTickMs, int newRound, int newLastGoodRound) {
        tickMs = newTickMs;
        round = newRound;
        lastGoodRound = newLastGoodRound;
        added = 0;
        started.clear();
    }

    /// Series that the scrape before did not have.
    int added() {
        return added;
    }

    /// What was refused sample by sample.
    List<SampleFaults> faults() {
        return faults.all();
    }

    /// Writes the sample of a series that is not dropped.
    void write(int entry) throws ExpositionException, ScrapeRefusedException {
        boolean ownTime = rules.honorTimestamps() && parser.hasTimestamp();
        int lastSeen = cache.seen(entry);
        if (lastSeen == round && !ownTime) {
            metrics.duplicates.increment();
            note(SampleFaultKind.DUPLICATE_IN_SCRAPE, tickMs);
            return;
        }
        boolean isNew = lastSeen != round && (lastSeen == 0 || lastSeen < lastGoodRound);
        cache.markSeen(entry, round);
        AppendResult result = append(entry, ownTime);
        if (result == AppendResult.UNKNOWN_SERIES) {
            overLimit();
            return;
        }
        results[result.ordinal()]++;
        if (result != AppendResult.APPENDED) {
            note(result, ownTime ? parser.timestampMs() : tickMs);
        } else if (isNew) {
            added++;
        }
        if (!ownTime || rules.trackTimestampsStaleness()) {
            open.stamp(entry, round);
        }
    }

    /// @return [AppendResult#UNKNOWN_SERIES] if there is no room for the series
    private AppendResult append(int entry, boolean ownTime)
            throws ExpositionException, ScrapeRefusedException {
        @Nullable NativeHistogram histogram = parser.histogram();
        if (histogram != null) {
            histogram = histograms.apply(histogram);
        }
        double value = histogram == null ? value(entry) : 0;
        int reference = cache.reference(entry);
        if (reference < 0 && (reference = retry(entry)) < 0) {
            return AppendResult.UNKNOWN_SERIES;
        }
        AppendResult result = append(entry, reference, ownTime, value, histogram);
        if (result == AppendResult.UNKNOWN_SERIES) {
            reference = newcomers.again(entry);
            cache.setReference(entry, reference);
            cache.forgetStart(entry);
            if (reference >= 0) {
                result = append(entry, reference, ownTime, value, histogram);
            }
        }
        return result;
    }

    private AppendResult append(
            int entry,
            int reference,
            boolean ownTime,
            double value,
            @Nullable NativeHistogram histogram)
            throws ExpositionException {
        long startMs = parser.startMs();
        if (startMs != cache.startMs(entry)) {
            out.start(reference, startMs);
            cache.setStartMs(entry, startMs);
            started.add(entry);
        }
        AppendResult result;
        if (histogram == null) {
            result =
                    ownTime
                            ? out.append(reference, parser.timestampMs(), value)
                            : out.append(reference, value);
        } else {
            result =
                    ownTime
                            ? out.append(reference, parser.timestampMs(), histogram)
                            : out.append(reference, histogram);
        }
        int exemplars = parser.exemplarCount();
        if (exemplars > 0 && result == AppendResult.APPENDED) {
            long sampleMs = ownTime ? parser.timestampMs() : tickMs;
            for (int i = 0; i < exemplars; i++) {
                out.exemplar(reference, parser.exemplar(i, sampleMs));
            }
        }
        return result;
    }

    private double value(int entry) throws ExpositionException {
        byte[] bytes = parser.keyBytes();
        int start = parser.valueStart();
        int end = parser.valueEnd();
        if (cache.sameText(entry, bytes, start, end)) {
            return cache.value(entry);
        }
        double value = parser.value();
        cache.remember(entry, bytes, start, end, value);
        return value;
    }

    /// Asks again, once in a while, for a series that the series limit refused. Until then
    /// `stamped` holds the scrape in which it was refused.
    private int retry(int entry) throws ExpositionException {
        if (round - cache.stamped(entry) < SeriesCache.RETRY_ROUNDS) {
            return SampleAppender.OVER_LIMIT;
        }
        cache.markStamped(entry, round);
        int reference = newcomers.again(entry);
        if (reference >= 0) {
            cache.markStamped(entry, 0);
            cache.setReference(entry, reference);
        }
        return reference;
    }

    /// The store had no room for the series of the sample.
    void overLimit() throws ExpositionException {
        metrics.seriesOverLimit.increment();
        note(SampleFaultKind.SERIES_OVER_LIMIT, tickMs);
    }

    private void note(AppendResult result, long timestampMs) throws ExpositionException {
        Optional<SampleFaultKind> kind = SampleFaultKind.of(result);
        if (kind.isPresent()) {
            note(kind.get(), timestampMs);
        }
    }

    private void note(SampleFaultKind kind, long timestampMs) throws ExpositionException {
        if (faults.count(kind, tickMs)) {
            faults.example(kind, parser.labels(), timestampMs);
        }
    }

    /// What was told of starts since the scrape began is void.
    void rollback() {
        for (int i = 0; i < started.size(); i++) {
            cache.setStartMs(started.at(i), UNTOLD);
        }
        started.clear();
        Arrays.fill(results, 0);
    }

    /// A scrape was committed.
    void settle(boolean good) {
        started.clear();
        for (AppendResult result : RESULTS) {
            if (good && results[result.ordinal()] > 0) {
                metrics.count(result, results[result.ordinal()]);
            }
            results[result.ordinal()] = 0;
        }
    }
}
