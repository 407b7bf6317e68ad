package dev.muster.agent.why;

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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// Looks series up in the head: reads a few of them and a short time first, more only where there
/// was nothing.
final class HeadLookup {
    /// Samples not older than this are fresh: what PromQL looks back by default.
    static final long LATELY_MS = 5 * 60_000;

    /// Late samples may lie ahead of this clock.
    private static final long AHEAD_MS = 60_000;

    private static final int SERIES = 20;

    private final SeriesSource source;
    private final long nowMs;

    HeadLookup(SeriesSource source, long nowMs) {
        this.source = source;
        this.nowMs = nowMs;
    }

    /// The series that fit and the last sample of some of them.
    ///
    /// @param oldestMs where the head begins
    Step.Sampled find(List<LabelMatcher> matchers, long oldestMs) {
        try {
            Step.Sampled lately = read(matchers, nowMs - LATELY_MS);
            boolean enough = lately.series().stream().anyMatch(series -> series.lastMs() > 0);
            return enough || oldestMs >= nowMs - LATELY_MS ? lately : read(matchers, oldestMs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Names of all metrics.
    SortedSet<String> names() {
        try {
            return source.labelValues(
                    Labels.METRIC,
                    new SelectRequest(
                            new TimeRange(0, nowMs + AHEAD_MS),
                            List.of(),
                            false,
                            ReadBudget.UNLIMITED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Step.Sampled read(List<LabelMatcher> matchers, long fromMs) throws IOException {
        TimeRange range = new TimeRange(Math.max(0, fromMs), nowMs + AHEAD_MS);
        List<Step.StoredSeries> found = new ArrayList<>();
        int total;
        try (SeriesSet set = source.select(SelectRequest.of(range, matchers))) {
            total = set.size();
            SampleReader reader = set.reader();
            for (int i = 0; i < Math.min(SERIES, total); i++) {
                SampleColumns samples = new SampleColumns();
                reader.read(i, samples);
                found.add(last(set.labels(i), samples));
            }
        }
        // an index says who may have samples; who has none is not there
        long empty = found.stream().filter(series -> series.lastMs() == 0).count();
        found.removeIf(series -> series.lastMs() == 0);
        int left = found.isEmpty() && total <= SERIES ? 0 : Math.toIntExact(total - empty);
        return new Step.Sampled(
                found.isEmpty() ? Mark.BAD : Mark.GOOD,
                found.isEmpty()
                        ? "The head holds no series that fits, since "
                                + Words.time(range.startMs())
                                + "."
                        : "The head holds "
                                + Words.count(left, "series that fits", "series that fit")
                                + ".",
                left,
                found);
    }

    private static Step.StoredSeries last(Labels labels, SampleColumns samples) {
        int size = samples.size();
        if (size == 0) {
            return new Step.StoredSeries(labels, 0, "", false);
        }
        boolean stale = Staleness.isStale(samples.values()[size - 1]);
        int at = size - 1;
        while (at > 0 && Staleness.isStale(samples.values()[at])) {
            at--;
        }
        String value =
                samples.histogram(at) == null
                        ? Double.toString(samples.values()[at])
                        : "a native histogram";
        return new Step.StoredSeries(
                labels,
                samples.timestampsMs()[size - 1],
                stale && at == size - 1 ? "" : value,
                stale);
    }
}
