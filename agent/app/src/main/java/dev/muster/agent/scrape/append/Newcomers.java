package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ScrapeParser;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SampleAppender;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a series that the cache does not know: the slow path. Confined to the
/// thread that appends.
final class Newcomers {
    /// Answers beside the entry that the series got.
    static final int FOLDED = -2;

    static final int DROPPED = -3;
    static final int OVER_LIMIT = -4;

    private final SampleAppender out;
    private final SeriesCache cache;
    private final SeriesLabels labels;
    private final SeriesLedger ledger;
    private final Folding folding;
    private final ScrapeParser parser;
    private @Nullable InfoSeries info;

    Newcomers(
            SampleAppender out,
            SeriesCache cache,
            SeriesLabels labels,
            SeriesLedger ledger,
            Folding folding,
            ScrapeParser parser) {
        this.out = out;
        this.cache = cache;
        this.labels = labels;
        this.ledger = ledger;
        this.folding = folding;
        this.parser = parser;
    }

    /// Tells `info` where the target exposes a series of that name itself.
    void watch(@Nullable InfoSeries series) {
        info = series;
    }

    /// Learns the series of the parser's sample.
    ///
    /// @param settled has there been a good scrape? Until then the store may know series that the
    ///   cache does not
    /// @return its entry, or one of the answers
    int learn(int round, long tickMs, boolean settled)
            throws ExpositionException, ScrapeRefusedException {
        byte[] bytes = parser.keyBytes();
        if (settled
                && !labels.mayDrop()
                && folding.takesUnseen(bytes, parser.keyStart(), parser.keyEnd(), tickMs)) {
            return FOLDED;
        }
        Labels exposed = parser.labels();
        @Nullable Labels stored = labels.of(exposed);
        if (stored == null) {
            return remember(SeriesCache.dropped(labels.ruleThatDrops(exposed)), DROPPED);
        }
        InfoSeries watching = info;
        if (watching != null && stored.metric().equals(InfoSeries.METRIC)) {
            watching.learn(bytes, parser.keyStart(), parser.keyEnd());
        }
        int metric = ledger.metric(stored.metric());
        boolean exists = out.find(stored) >= 0;
        if (!exists && !ledger.budget().admits(ledger, metric)) {
            ledger.release(metric);
            folding.fold(exposed, stored, tickMs);
            return FOLDED;
        }
        int reference = out.series(stored, parser.metadata());
        if (reference < 0) {
            ledger.release(metric);
            int entry = remember(reference, OVER_LIMIT);
            if (entry >= 0) {
                cache.markStamped(entry, round);
            }
            return entry;
        }
        return admit(metric, reference, exists);
    }

    private int admit(int metric, int reference, boolean exists) {
        int keyBytes = parser.keyEnd() - parser.keyStart();
        int entry = add(reference);
        cache.setMetric(entry, metric);
        if (exists) {
            ledger.returned(metric);
        } else {
            ledger.admitted(metric, keyBytes);
        }
        return entry;
    }

    /// Remembers a key that stands for no series, as long as there is room.
    private int remember(int reference, int otherwise) {
        if (!ledger.budget().open()) {
            ledger.budget().keyNotRemembered();
            return otherwise;
        }
        ledger.budget().chargeKey(parser.keyEnd() - parser.keyStart());
        return add(reference);
    }

    private int add(int reference) {
        return cache.add(parser.keyBytes(), parser.keyStart(), parser.keyEnd(), reference);
    }

    /// The reference of a series that the cache knows and the store does not: it was forgotten, or
    /// there was no room.
    int again(int entry) throws ExpositionException {
        try {
            Labels exposed = parser.labels();
            @Nullable Labels stored = labels.of(exposed);
            if (stored == null) {
                return SeriesCache.dropped(labels.ruleThatDrops(exposed));
            }
            int reference = out.series(stored, parser.metadata());
            if (reference >= 0 && cache.metric(entry) == SeriesLedger.NO_METRIC) {
                int metric = ledger.metric(stored.metric());
                cache.setMetric(entry, metric);
                ledger.admitted(metric, parser.keyEnd() - parser.keyStart());
            }
            return reference;
        } catch (ScrapeRefusedException e) {
            throw new IllegalStateException("labels that were right once must stay right", e);
        }
    }
}
