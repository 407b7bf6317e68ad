package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionOptions;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.OpenMetricsChecks;
import dev.muster.agent.exposition.ScrapeParser;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Appends the scrapes of one target: samples, staleness markers and the series that tell of the
/// scrape, all or nothing. Confined to the thread that appends.
public final class TargetAppender implements AutoCloseable {
    private static final ScrapeFault REMOVED = ScrapeFault.of(FaultKind.REMOVED, "target removed");

    private final SampleAppender out;
    private final AppendRules rules;
    private final AppendContext context;
    private final AppendMetrics metrics;
    private final SeriesLabels labels;
    private final SeriesCache cache;
    private final OpenSeries open;
    private final SeriesLedger ledger;
    private final Folding folding;
    private final ScrapeParser parser;
    private final Newcomers newcomers;
    private final ReportSeries reports;
    private final SampleWriter samples;

    private final FormatLog formats = new FormatLog();
    private @Nullable InfoSeries info;
    private int round;
    private long tickMs;
    private int lastGoodRound;
    private long lastGoodMs;
    private int scraped;
    private int kept;
    private long guessesCounted;
    private long missesCounted;

    /// @param out the target's own appender, closed with this
    public TargetAppender(SampleAppender out, AppendRules rules, AppendContext context) {
        this.out = out;
        this.rules = rules;
        this.context = context;
        metrics = context.metrics();
        labels =
                new SeriesLabels(
                        rules.target(),
                        rules.external(),
                        rules.limits(),
                        rules.series(),
                        rules.formats().validation());
        cache = new SeriesCache(context.seed());
        open = new OpenSeries(out, cache, metrics);
        ledger = new SeriesLedger(context.budget());
        folding = new Folding(out, labels, ledger, open);
        parser = parser(rules.formats());
        newcomers = new Newcomers(out, cache, labels, ledger, folding, parser);
        samples = new SampleWriter(out, parser, cache, open, newcomers, rules, metrics);
        reports = new ReportSeries(out, labels, rules);
    }

    /// Held to what Prometheus holds a body to: stricter rules would lose targets that it scrapes.
    private static ScrapeParser parser(ScrapeFormats formats) {
        return new ExpositionParser(
                new ExpositionOptions(
                        ExpositionLimits.DEFAULT,
                        OpenMetricsChecks.GRAMMAR,
                        formats.nativeHistograms(),
                        formats.alwaysClassicHistograms(),
                        formats.convertClassicHistograms()));
    }

    /// What is known of the target's service becomes the labels of its `target_info`; nothing is
    /// appended for none. To be called before the first scrape, and before [#inherit].
    public void describe(Labels service) {
        info = service.size() == 0 ? null : new InfoSeries(out, labels.ofInfo(service));
        newcomers.watch(info);
    }

    /// Takes over the series that another appender of the same target left open: those that this
    /// one's first good scrape does not have are then marked. The other must not be used, nor
    /// closed.
    public void inherit(TargetAppender earlier) {
        open.inherit(earlier.open);
        folding.inherit(earlier.folding);
        ledger.inherit(earlier.ledger);
        InfoSeries before = earlier.info;
        if (before != null) {
            InfoSeries now = info;
            open.inherit(now == null ? before.openReference() : now.goOnFor(before));
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
            samples.rollback();
            return conclude(tickMs, fault, body.length(), startNanos);
        }
        // before the markers, so that a count inherited from another appender goes on
        folding.appendCounts();
        open.markVanished(round);
        long durationNanos = context.nanoTime().getAsLong() - startNanos;
        reports.append(null, durationNanos, body.length(), scraped, kept, samples.added());
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
        samples.begin(tickMs, round, lastGoodRound);
        return conclude(tickMs, fault, 0, startNanos);
    }

    /// Marks every series stale, those that tell of scrapes among them: the target is gone.
    public void end(long tickMs) {
        out.begin(tickMs);
        open.markAll(round);
        folding.markAll();
        reports.appendStale();
        if (info != null) {
            info.appendStale();
        }
        commit(outcome(tickMs, REMOVED, 0, 0));
    }

    /// What became of the series of this target. Takes time where it has many: it reads their
    /// labels back.
    public SeriesAccount account(AccountQuestion question) {
        List<FoldedMetric> folded = folding.told(question.matchers());
        List<SeriesShare> shares =
                new ArrayList<>(
                        new SeriesAccounting(cache, labels).shares(question, lastGoodRound));
        SeriesAccounting.folded(folded, question.examples()).ifPresent(shares::add);
        return new SeriesAccount(lastGoodMs, shares, folded, samples.faults(), formats.change());
    }

    /// Closes the appender without markers.
    @Override
    public void close() {
        folding.close();
        ledger.close();
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
        context.budget().refresh();
        round++;
        this.tickMs = tickMs;
        scraped = 0;
        kept = 0;
        open.begin();
        folding.begin();
        cache.restart();
        samples.begin(tickMs, round, lastGoodRound);
        out.begin(tickMs);
    }

    /// Writes what a failed scrape leaves behind.
    private ScrapeOutcome conclude(long tickMs, ScrapeFault fault, int bodyBytes, long startNanos) {
        // what this round saw is void
        open.begin();
        folding.begin();
        round++;
        out.begin(tickMs);
        open.markAll(round);
        folding.markAll();
        long durationNanos = context.nanoTime().getAsLong() - startNanos;
        reports.append(fault, durationNanos, bodyBytes, scraped, kept, samples.added());
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
                folding.count(),
                samples.added(),
                durationNanos);
    }

    private void appendSamples(ScrapeBody body) throws ExpositionException, ScrapeRefusedException {
        formats.note(body.format(), tickMs);
        parser.reset(body.format(), body.bytes(), body.length());
        int limit = rules.limits().samples();
        int sampleLimit = limit == 0 ? Integer.MAX_VALUE : limit;
        while (parser.next()) {
            scraped++;
            byte[] bytes = parser.keyBytes();
            int entry = cache.find(bytes, parser.keyStart(), parser.keyEnd());
            if (entry == SeriesCache.NONE) {
                entry = newcomers.learn(round, tickMs, lastGoodRound > 0);
            }
            if (entry < 0) {
                passOver(entry);
            } else if (SeriesCache.isDropped(cache.reference(entry))) {
                cache.markSeen(entry, round);
            } else if (++kept <= sampleLimit) {
                samples.write(entry);
            }
        }
        if (kept > sampleLimit) {
            throw new ScrapeRefusedException(
                    FaultKind.SAMPLE_LIMIT,
                    "sample_limit exceeded: limit=" + sampleLimit + ", found=" + kept);
        }
    }

    /// A sample of a series that is not remembered.
    private void passOver(int answer) throws ExpositionException {
        if (answer != Newcomers.DROPPED) {
            kept++;
        }
        if (answer == Newcomers.OVER_LIMIT) {
            samples.overLimit();
        }
    }

    private ScrapeOutcome commit(ScrapeOutcome outcome) {
        boolean good = outcome.up();
        try {
            out.commit();
        } catch (IOException e) {
            metrics.commitFailures.increment();
            samples.rollback();
            return outcome.withStoreError(String.valueOf(e.getMessage()));
        }
        open.settle(good, round);
        folding.settle(good, outcome.tickMs());
        if (good) {
            lastGoodRound = round;
            lastGoodMs = outcome.tickMs();
            cache.compact(round, ledger::vanished);
        }
        ledger.cacheBytes(cache.sizeBytes());
        samples.settle(good);
        countGuesses();
        return outcome;
    }

    private void countGuesses() {
        metrics.cacheGuesses.add(cache.guesses() - guessesCounted);
        metrics.cacheMisses.add(cache.misses() - missesCounted);
        guessesCounted = cache.guesses();
        missesCounted = cache.misses();
    }
}
