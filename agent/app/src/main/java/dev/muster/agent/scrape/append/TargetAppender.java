package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.OpenMetricsChecks;
import dev.muster.agent.exposition.ScrapeParser;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Appends the scrapes of one target: samples, staleness markers and the series that tell of the
/// scrape, all or nothing. Confined to the thread that appends.
public final class TargetAppender implements AutoCloseable {
    /*
     * Staleness follows Prometheus. A series is open when it has a committed sample at a tick and no
     * marker after it; samples with a time of their own do not open a series unless the job asks for
     * it. At the end of a good scrape, open series without a sample in it get a marker; a failed
     * scrape marks all of them. What is open changes only with a commit, so a scrape that is rolled
     * back half way changes nothing.
     */
    private static final AppendResult[] RESULTS = AppendResult.values();
    private static final ScrapeFault REMOVED = ScrapeFault.of(FaultKind.REMOVED, "target removed");

    private final SampleAppender out;
    private final SeriesLabels labels;
    private final ScrapeLimits limits;
    private final SeriesRules rules;
    private final AppendMetrics metrics;
    private final LongSupplier nanoTime;
    private final SeriesCache cache;
    private final ReportSeries reports;

    /// Held to what Prometheus holds a body to: stricter rules would lose targets that it scrapes.
    private final ScrapeParser parser =
            new ExpositionParser(ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR);

    private final long[] results = new long[RESULTS.length];
    private final IntList fresh = new IntList();
    private final IntList inherited = new IntList();

    private final FaultLog faults = new FaultLog();
    private @Nullable InfoSeries info;
    private boolean learnsInfo;

    private int round;
    private long tickMs;
    private int lastGoodRound;
    private long lastGoodMs;
    private int scraped;
    private int kept;
    private int added;
    private int openSeen;
    private long guessesCounted;
    private long missesCounted;

    /// @param out the target's own appender, closed with this
    /// @param target labels that every series gets
    /// @param external labels that every series gets that has none of that name
    /// @param seed makes the table of series unpredictable
    public TargetAppender(
            SampleAppender out,
            Labels target,
            Map<String, String> external,
            ScrapeLimits limits,
            SeriesRules rules,
            AppendMetrics metrics,
            LongSupplier nanoTime,
            long seed) {
        this.out = out;
        this.limits = limits;
        this.rules = rules;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        labels = new SeriesLabels(target, external, limits, rules);
        cache = new SeriesCache(seed);
        reports = new ReportSeries(out, labels);
    }

    /// What is known of the target's service becomes the labels of its `target_info`; nothing is
    /// appended for none. To be called before the first scrape, and before [#inherit].
    public void describe(Labels service) {
        info = service.size() == 0 ? null : new InfoSeries(out, labels.ofInfo(service));
    }

    /// Takes over the series that another appender of the same target left open: those that this
    /// one's first good scrape does not have are then marked. The other must not be used, nor
    /// closed.
    public void inherit(TargetAppender earlier) {
        for (int entry = earlier.cache.firstEntry(); entry < earlier.cache.endEntry(); entry++) {
            if (earlier.cache.isOpen(entry)) {
                inherited.add(earlier.cache.reference(entry));
            }
        }
        inherited.addAll(earlier.inherited);
        InfoSeries before = earlier.info;
        if (before != null) {
            InfoSeries now = info;
            inherited.add(now == null ? before.openReference() : now.goOnFor(before));
        }
    }

    /// The appender behind this one, for a successor.
    public SampleAppender out() {
        return out;
    }

    /// Series remembered.
    public int seriesCount() {
        return cache.size();
    }

    /// Appends a body.
    ///
    /// @param tickMs nominal time, that of samples that carry none
    /// @param startNanos when the fetch began, by the monotonic clock
    public ScrapeOutcome append(long tickMs, ScrapeBody body, long startNanos) {
        begin(tickMs);
        @Nullable ScrapeFault fault = null;
        try {
            appendSamples(body);
        } catch (ExpositionException e) {
            fault = ScrapeFault.of(e, body);
        } catch (ScrapeRefusedException e) {
            fault = e.fault();
        }
        if (fault != null) {
            out.rollback();
            return conclude(tickMs, fault, body.length(), startNanos);
        }
        markVanished();
        long durationNanos = nanoTime.getAsLong() - startNanos;
        reports.append(true, durationNanos, scraped, kept, added);
        appendInfo();
        ScrapeOutcome outcome = outcome(tickMs, null, body.length(), durationNanos);
        return commit(outcome);
    }

    /// Tells that a scrape failed before there was a body.
    ///
    /// @param reason why, in words
    public ScrapeOutcome fail(long tickMs, String reason, long startNanos) {
        return fail(tickMs, ScrapeFault.of(FaultKind.FETCH, reason), startNanos);
    }

    /// Tells that a scrape failed before there was a body.
    public ScrapeOutcome fail(long tickMs, ScrapeFault fault, long startNanos) {
        this.tickMs = tickMs;
        scraped = 0;
        kept = 0;
        added = 0;
        return conclude(tickMs, fault, 0, startNanos);
    }

    /// Marks every series stale, those that tell of scrapes among them: the target is gone.
    public void end(long tickMs) {
        out.begin(tickMs);
        markAll();
        reports.appendStale();
        if (info != null) {
            info.appendStale();
        }
        commit(outcome(tickMs, REMOVED, 0, 0));
    }

    /// What became of the series of this target. Takes time where it has many: it reads their
    /// labels back.
    public SeriesAccount account(AccountQuestion question) {
        return new SeriesAccount(
                lastGoodMs,
                new SeriesAccounting(cache, labels).shares(question, lastGoodRound),
                List.of(),
                faults.all());
    }

    /// Closes the appender without markers.
    @Override
    public void close() {
        out.close();
    }

    private void appendInfo() {
        InfoSeries series = info;
        if (series != null) {
            if (series.isExposed(cache, round)) {
                series.appendStale();
            } else {
                series.append();
            }
        }
    }

    private void begin(long tickMs) {
        round++;
        this.tickMs = tickMs;
        scraped = 0;
        kept = 0;
        added = 0;
        openSeen = 0;
        fresh.clear();
        cache.restart();
        out.begin(tickMs);
    }

    /// Writes what a failed scrape leaves behind.
    private ScrapeOutcome conclude(long tickMs, ScrapeFault fault, int bodyBytes, long startNanos) {
        fresh.clear();
        // what this round saw is void
        round++;
        out.begin(tickMs);
        markAll();
        long durationNanos = nanoTime.getAsLong() - startNanos;
        reports.append(false, durationNanos, scraped, kept, added);
        appendInfo();
        return commit(outcome(tickMs, fault, bodyBytes, durationNanos));
    }

    private ScrapeOutcome outcome(
            long tickMs, @Nullable ScrapeFault fault, int bodyBytes, long durationNanos) {
        return new ScrapeOutcome(
                tickMs,
                Optional.ofNullable(fault),
                "",
                bodyBytes,
                scraped,
                kept,
                0,
                added,
                durationNanos);
    }

    private void appendSamples(ScrapeBody body) throws ExpositionException, ScrapeRefusedException {
        byte[] bytes = body.bytes();
        parser.reset(body.format(), bytes, body.length());
        int sampleLimit = limits.samples() == 0 ? Integer.MAX_VALUE : limits.samples();
        while (parser.next()) {
            scraped++;
            int entry = cache.find(bytes, parser.keyStart(), parser.keyEnd());
            if (entry == SeriesCache.NONE) {
                entry = learn(bytes);
            }
            if (SeriesCache.isDropped(cache.reference(entry))) {
                cache.markSeen(entry, round);
                continue;
            }
            kept++;
            if (kept <= sampleLimit) {
                appendSample(entry, bytes);
            }
        }
        if (kept > sampleLimit) {
            throw new ScrapeRefusedException(
                    FaultKind.SAMPLE_LIMIT,
                    "sample_limit exceeded: limit=" + sampleLimit + ", found=" + kept);
        }
    }

    private void appendSample(int entry, byte[] bytes) throws ExpositionException {
        boolean ownTime = rules.honorTimestamps() && parser.hasTimestamp();
        int lastSeen = cache.seen(entry);
        if (lastSeen == round && !ownTime) {
            metrics.duplicates.increment();
            note(SampleFaultKind.DUPLICATE_IN_SCRAPE, tickMs);
            return;
        }
        boolean isNew = lastSeen != round && (lastSeen == 0 || lastSeen < lastGoodRound);
        cache.markSeen(entry, round);
        double value = value(entry, bytes);
        int reference = cache.reference(entry);
        if (reference < 0 && (reference = retry(entry)) < 0) {
            metrics.seriesOverLimit.increment();
            note(SampleFaultKind.SERIES_OVER_LIMIT, tickMs);
            return;
        }
        AppendResult result =
                ownTime
                        ? out.append(reference, parser.timestampMs(), value)
                        : out.append(reference, value);
        if (result == AppendResult.UNKNOWN_SERIES) {
            result = appendAgain(entry, ownTime, value);
        }
        results[result.ordinal()]++;
        if (result != AppendResult.APPENDED) {
            note(result, ownTime ? parser.timestampMs() : tickMs);
        }
        if (isNew && result == AppendResult.APPENDED) {
            added++;
        }
        if (!ownTime || rules.trackTimestampsStaleness()) {
            stamp(entry);
        }
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

    private void stamp(int entry) {
        if (cache.stamped(entry) != round) {
            cache.markStamped(entry, round);
            if (cache.isOpen(entry)) {
                openSeen++;
            } else {
                fresh.add(entry);
            }
        }
    }

    private double value(int entry, byte[] bytes) throws ExpositionException {
        int start = parser.valueStart();
        int end = parser.valueEnd();
        if (cache.sameText(entry, bytes, start, end)) {
            return cache.value(entry);
        }
        double value = parser.value();
        cache.remember(entry, bytes, start, end, value);
        return value;
    }

    /// The slow path: a key seen for the first time.
    private int learn(byte[] bytes) throws ExpositionException, ScrapeRefusedException {
        int reference = referenceOf(parser.labels());
        int entry = cache.add(bytes, parser.keyStart(), parser.keyEnd(), reference);
        if (reference == SampleAppender.OVER_LIMIT) {
            cache.markStamped(entry, round);
        }
        if (info != null && learnsInfo) {
            info.learn(bytes, parser.keyStart(), parser.keyEnd());
        }
        return entry;
    }

    /// Asks again, once in a while, for a series that the series limit refused. Until then
    /// `stamped` holds the scrape in which it was refused.
    private int retry(int entry) throws ExpositionException {
        if (round - cache.stamped(entry) < SeriesCache.RETRY_ROUNDS) {
            return SampleAppender.OVER_LIMIT;
        }
        cache.markStamped(entry, round);
        int reference = referenceAgain();
        if (reference >= 0) {
            cache.markStamped(entry, 0);
            cache.setReference(entry, reference);
        }
        return reference;
    }

    private AppendResult appendAgain(int entry, boolean ownTime, double value)
            throws ExpositionException {
        int reference = referenceAgain();
        cache.setReference(entry, reference);
        if (reference < 0) {
            metrics.seriesOverLimit.increment();
            return AppendResult.UNKNOWN_SERIES;
        }
        return ownTime
                ? out.append(reference, parser.timestampMs(), value)
                : out.append(reference, value);
    }

    private int referenceAgain() throws ExpositionException {
        try {
            return referenceOf(parser.labels());
        } catch (ScrapeRefusedException e) {
            throw new IllegalStateException("labels that were right once must stay right", e);
        }
    }

    private int referenceOf(Labels scraped) throws ScrapeRefusedException {
        @Nullable Labels stored = labels.of(scraped);
        learnsInfo = stored != null && stored.metric().equals(InfoSeries.METRIC);
        return stored == null
                ? SeriesCache.dropped(labels.ruleThatDrops(scraped))
                : out.series(stored, parser.metadata());
    }

    private void markVanished() {
        if (openSeen < cache.openCount()) {
            for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
                if (cache.isOpen(entry) && cache.stamped(entry) != round) {
                    mark(cache.reference(entry));
                }
            }
        }
        markInherited();
    }

    private void markAll() {
        for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
            if (cache.isOpen(entry)) {
                mark(cache.reference(entry));
            }
        }
        markInherited();
    }

    private void markInherited() {
        if (inherited.size() == 0) {
            return;
        }
        BitSet present = new BitSet();
        for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
            if (cache.stamped(entry) == round && cache.reference(entry) >= 0) {
                present.set(cache.reference(entry));
            }
        }
        for (int i = 0; i < inherited.size(); i++) {
            if (inherited.at(i) >= 0 && !present.get(inherited.at(i))) {
                mark(inherited.at(i));
            }
        }
    }

    private void mark(int reference) {
        if (reference >= 0 && out.append(reference, Staleness.STALE) == AppendResult.APPENDED) {
            metrics.staleMarkers.increment();
        }
    }

    private ScrapeOutcome commit(ScrapeOutcome outcome) {
        boolean good = outcome.up();
        try {
            out.commit();
        } catch (IOException e) {
            metrics.commitFailures.increment();
            Arrays.fill(results, 0);
            return outcome.withStoreError(String.valueOf(e.getMessage()));
        }
        settleOpen(good);
        inherited.clear();
        if (good) {
            lastGoodRound = round;
            lastGoodMs = outcome.tickMs();
            cache.compact(round);
        }
        countResults(good);
        return outcome;
    }

    /// What is open from now on.
    private void settleOpen(boolean good) {
        if (!good || openSeen < cache.openCount()) {
            for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
                if (cache.isOpen(entry) && (!good || cache.stamped(entry) != round)) {
                    cache.setOpen(entry, false);
                }
            }
        }
        for (int i = 0; i < fresh.size(); i++) {
            cache.setOpen(fresh.at(i), true);
        }
        fresh.clear();
    }

    private void countResults(boolean good) {
        for (AppendResult result : RESULTS) {
            if (good && results[result.ordinal()] > 0) {
                metrics.count(result, results[result.ordinal()]);
            }
            results[result.ordinal()] = 0;
        }
        metrics.cacheGuesses.add(cache.guesses() - guessesCounted);
        metrics.cacheMisses.add(cache.misses() - missesCounted);
        guessesCounted = cache.guesses();
        missesCounted = cache.misses();
    }
}
