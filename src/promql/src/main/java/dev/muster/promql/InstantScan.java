package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import java.io.IOException;

/// Evaluates a selector: at each step the newest sample that is not older than the lookback, unless
/// it is a staleness marker.
final class InstantScan {
    /// What stands in the column for a sample.
    enum Yield {
        VALUE,
        /// Its time in seconds.
        TIME,
        /// Its time in seconds, unless it is a histogram.
        TIME_OF_NUMBER,
        /// When it began to count, in seconds, where that is known.
        START
    }

    private final QueryRun run;
    private final Expr.VectorSelector selector;
    private final Steps steps;
    private final StepTimes times;

    InstantScan(QueryRun run, Expr.VectorSelector selector, Steps steps) {
        this.run = run;
        this.selector = selector;
        this.steps = steps;
        times = new StepTimes(selector.shift(), steps);
    }

    <L> L run(Yield yield, Gather<L> gather) throws QueryException, IOException {
        boolean smoothed = selector.extension() == Expr.Extension.SMOOTHED;
        return scan(smoothed)
                .run(
                        steps.count(),
                        sink -> smoothed ? smoothing(sink) : lookingBack(yield, sink),
                        gather);
    }

    /// The same on this thread alone.
    void run(Yield yield, SeriesSink sink) throws QueryException, IOException {
        scan(false).run(lookingBack(yield, sink));
    }

    private SeriesScan scan(boolean smoothed) {
        long lookbackMs = run.lookbackMs();
        long lastMs = times.lastMs() + (smoothed ? lookbackMs : 0);
        TimeRange range = TimeRange.closed(times.firstMs() - lookbackMs + 1, lastMs);
        return new SeriesScan(run, selector.matchers(), range, smoothed ? null : times.looks());
    }

    private SeriesScan.Reading lookingBack(Yield yield, SeriesSink sink) {
        StepColumn column = new StepColumn(steps.count());
        return (set, index, samples) -> {
            column.clear();
            lookBack(samples, column, yield);
            if (!column.isEmpty()) {
                count(column);
                sink.accept(set.labels(index), false, column);
            }
        };
    }

    private SeriesScan.Reading smoothing(SeriesSink sink) {
        StepColumn column = new StepColumn(steps.count());
        Remarks remarks = new Remarks(run.annotations(), selector.position());
        return (set, index, samples) -> {
            column.clear();
            SeriesScan.dropStale(samples);
            remarks.metric(set.labels(index));
            smooth(new Smoothing(samples, remarks), samples, column);
            if (!column.isEmpty()) {
                count(column);
                sink.accept(set.labels(index), false, column);
            }
        };
    }

    private void count(StepColumn column) {
        StepSamples counted = run.counted();
        if (counted != null) {
            counted.instant(column);
        }
    }

    private void lookBack(SampleColumns samples, StepColumn into, Yield yield) {
        long[] sampleTimes = samples.timestampsMs();
        double[] values = samples.values();
        int size = samples.size();
        long lookbackMs = run.lookbackMs();
        int newest = -1;
        int count = steps.count();
        for (int step = 0; step < count; step++) {
            long timeMs = times.at(step);
            while (newest + 1 < size && sampleTimes[newest + 1] <= timeMs) {
                newest++;
            }
            if (newest >= 0
                    && sampleTimes[newest] > timeMs - lookbackMs
                    && !Staleness.isStale(values[newest])) {
                NativeHistogram histogram = samples.histogram(newest);
                if (yield == Yield.TIME || (yield == Yield.TIME_OF_NUMBER && histogram == null)) {
                    into.set(step, sampleTimes[newest] / 1000.0);
                } else if (yield == Yield.START) {
                    if (samples.startMs(newest) != 0) {
                        into.set(step, samples.startMs(newest) / 1000.0);
                    }
                } else if (histogram == null) {
                    into.set(step, values[newest]);
                } else {
                    into.set(step, histogram);
                }
            }
        }
    }

    /// Interpolates between the samples around each step, as far as the lookback reaches.
    private void smooth(Smoothing smoothing, SampleColumns samples, StepColumn into) {
        long[] sampleTimes = samples.timestampsMs();
        int size = samples.size();
        long lookbackMs = run.lookbackMs();
        int after = 0;
        for (int step = 0; step < steps.count(); step++) {
            long timeMs = times.at(step);
            while (after < size && sampleTimes[after] < timeMs) {
                after++;
            }
            boolean hasAfter = after < size && sampleTimes[after] <= timeMs + lookbackMs;
            boolean hasBefore = after > 0 && sampleTimes[after - 1] > timeMs - lookbackMs;
            if (hasAfter && sampleTimes[after] == timeMs) {
                smoothing.at(after, into, step);
            } else if (hasBefore && hasAfter) {
                smoothing.between(after - 1, timeMs, into, step);
            } else if (hasBefore) {
                smoothing.at(after - 1, into, step);
            }
        }
    }
}
