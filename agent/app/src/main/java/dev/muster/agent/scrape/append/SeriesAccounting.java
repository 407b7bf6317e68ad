package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionKeys;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Gives account of the series that a cache remembers, without keeping anything for it: what is not
/// in the cache is read back from the keys when somebody asks. Confined to the thread that appends.
final class SeriesAccounting {
    private final SeriesCache cache;
    private final SeriesLabels labels;
    private final ExpositionKeys keys = new ExpositionKeys();

    SeriesAccounting(SeriesCache cache, SeriesLabels labels) {
        this.cache = cache;
        this.labels = labels;
    }

    /// @param lastGoodRound entries seen before it have vanished
    List<SeriesShare> shares(AccountQuestion question, int lastGoodRound) {
        // by fate, then by rule
        TreeMap<Integer, Tally> tallies = new TreeMap<>();
        for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
            SeriesFate fate = fate(entry, lastGoodRound);
            int rule = fate == SeriesFate.DROPPED ? SeriesCache.rule(cache.reference(entry)) : -1;
            int key = (fate.ordinal() << 16) + rule + 1;
            Tally tally = tallies.computeIfAbsent(key, _ -> new Tally(fate, rule));
            count(tally, entry, question);
        }
        return tallies.values().stream().filter(t -> t.series > 0).map(Tally::share).toList();
    }

    /// The series that were folded in the last good scrape; empty if none were.
    static Optional<SeriesShare> folded(List<FoldedMetric> metrics, int examples) {
        int series = metrics.stream().mapToInt(FoldedMetric::series).sum();
        if (series == 0) {
            return Optional.empty();
        }
        List<SeriesExample> some =
                metrics.stream()
                        .flatMap(metric -> metric.examples().stream())
                        .limit(Math.min(examples, series))
                        .map(exposed -> new SeriesExample(exposed, Optional.empty()))
                        .toList();
        return Optional.of(new SeriesShare(SeriesFate.FOLDED, -1, series, some));
    }

    private void count(Tally tally, int entry, AccountQuestion question) {
        boolean wantsExample = tally.examples.size() < question.examples();
        if (question.matchers().isEmpty() && !wantsExample) {
            tally.series++;
            return;
        }
        Labels exposed = keys.labels(cache.key(entry));
        Optional<Labels> stored = stored(entry, exposed);
        if (!LabelMatcher.all(question.matchers(), exposed)
                && stored.filter(s -> LabelMatcher.all(question.matchers(), s)).isEmpty()) {
            return;
        }
        tally.series++;
        if (wantsExample) {
            tally.examples.add(new SeriesExample(exposed, stored));
        }
    }

    private Optional<Labels> stored(int entry, Labels exposed) {
        if (!SeriesCache.isStored(cache.reference(entry))) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(labels.of(exposed));
        } catch (ScrapeRefusedException e) {
            return Optional.empty();
        }
    }

    private SeriesFate fate(int entry, int lastGoodRound) {
        if (cache.seen(entry) < lastGoodRound) {
            return SeriesFate.VANISHED;
        }
        int reference = cache.reference(entry);
        if (SeriesCache.isStored(reference)) {
            return SeriesFate.KEPT;
        }
        return SeriesCache.isDropped(reference) ? SeriesFate.DROPPED : SeriesFate.OVER_SERIES_LIMIT;
    }

    private static final class Tally {
        private final SeriesFate fate;
        private final int rule;
        private final List<SeriesExample> examples = new ArrayList<>();
        private int series;

        Tally(SeriesFate fate, int rule) {
            this.fate = fate;
            this.rule = rule;
        }

        SeriesShare share() {
            return new SeriesShare(fate, rule, series, examples);
        }
    }
}
