package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.histogram.CounterResets;
import java.io.IOException;
import java.util.List;

/// Reads the series of one selector, each once, into one reused pair of columns.
final class SeriesScan {
    private final QueryRun run;
    private final SampleColumns samples = new SampleColumns();

    /// Takes the samples of one series.
    @FunctionalInterface
    interface Reading {
        /// @param set where labels of the series are
        /// @param index number of the series in the set
        /// @param samples valid until the call returns
        void accept(SeriesSet set, int index, SampleColumns samples)
                throws QueryException, IOException;
    }

    SeriesScan(QueryRun run) {
        this.run = run;
    }

    /// Reads all samples in a range of the series that match.
    void run(List<LabelMatcher> matchers, TimeRange range, Reading reading)
            throws QueryException, IOException {
        QueryBudget budget = run.budget();
        SelectRequest request = new SelectRequest(range, matchers, true, budget.reading());
        try (SeriesSet set = run.source().select(request)) {
            SampleReader reader = set.reader();
            for (int i = 0; i < set.size(); i++) {
                budget.check();
                samples.clear();
                reader.read(i, samples);
                if (samples.size() > 0) {
                    if (samples.hasHistograms()) {
                        noteResets(samples);
                    }
                    reading.accept(set, i, samples);
                }
            }
            run.annotations().source(set.warnings(), set.completeness());
        }
    }

    /// Compares each histogram that says nothing of resets with the one before it.
    private static void noteResets(SampleColumns samples) {
        NativeHistogram before = null;
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram != null
                    && before != null
                    && histogram.counterReset() == CounterReset.UNKNOWN) {
                boolean reset = CounterResets.isReset(histogram, before);
                samples.setHistogram(
                        i,
                        histogram.withCounterReset(
                                reset ? CounterReset.RESET : CounterReset.NOT_RESET));
            }
            before = histogram;
        }
    }

    /// Drops staleness markers: windows do not see them.
    static void dropStale(SampleColumns samples) {
        double[] values = samples.values();
        int size = samples.size();
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!Staleness.isStale(values[i])) {
                if (kept < i) {
                    samples.copy(i, kept);
                }
                kept++;
            }
        }
        samples.resize(kept);
    }
}
