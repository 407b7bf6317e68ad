package dev.muster.query.remote;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last samples of series, for others to scrape. Thread-safe.
public final class Federation {
    private static final Comparator<Labels> BY_METRIC =
            Comparator.comparing(Labels::metric).thenComparing(Comparator.naturalOrder());

    private final SeriesSource source;
    private final long lookbackMs;

    /// @param lookbackMs how old a sample may be
    public Federation(SeriesSource source, long lookbackMs) {
        this.source = source;
        this.lookbackMs = lookbackMs;
    }

    /// The last sample of a series.
    ///
    /// @param labels with a metric name
    /// @param timestampMs of the sample, Unix time
    /// @param value of it; says nothing where it is a histogram
    /// @param histogram that it is; null for a number
    public record Last(
            Labels labels, long timestampMs, double value, @Nullable NativeHistogram histogram) {}

    /// The last samples before `nowMs` of series that match one of the selectors, by metric name,
    /// then by labels. Series that ended are left out.
    public Collection<Last> last(List<List<LabelMatcher>> selectors, long nowMs, ReadBudget budget)
            throws IOException {
        SortedMap<Labels, Last> found = new TreeMap<>(BY_METRIC);
        SampleColumns columns = new SampleColumns();
        for (List<LabelMatcher> matchers : selectors) {
            SelectRequest request =
                    new SelectRequest(
                            TimeRange.closed(nowMs - lookbackMs, nowMs), matchers, true, budget);
            try (SeriesSet set = source.select(request)) {
                SampleReader reader = set.reader();
                for (int i = 0; i < set.size(); i++) {
                    Labels labels = set.labels(i);
                    if (!labels.metric().isEmpty() && !found.containsKey(labels)) {
                        columns.clear();
                        reader.read(i, columns);
                        put(labels, columns, found);
                    }
                }
            }
        }
        return found.values();
    }

    private static void put(Labels labels, SampleColumns columns, SortedMap<Labels, Last> found) {
        int last = columns.size() - 1;
        if (last >= 0 && !Staleness.isStale(columns.values()[last])) {
            NativeHistogram histogram = columns.histogram(last);
            if (histogram == null || !Staleness.isStale(histogram.sum())) {
                found.put(
                        labels,
                        new Last(
                                labels,
                                columns.timestampsMs()[last],
                                columns.values()[last],
                                histogram));
            }
        }
    }
}
