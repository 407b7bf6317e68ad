package dev.muster.query.promql;

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
        TIME
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

    void run(SeriesSink sink) throws QueryException, IOException {
        run(Yield.VALUE, sink);
    }

    void run(Yield yield, SeriesSink sink) throws QueryException, IOException {
        boolean smoothed = selector.extension() == Expr.Extension.SMOOTHED;
        long lookbackMs = run.lookbackMs();
        long lastMs = times.lastMs() + (smoothed ? lookbackMs : 0);
        TimeRange range = TimeRange.closed(times.firstMs() - lookbackMs + 1, lastMs);
        StepColumn column = new StepColumn(steps.count());
        new SeriesScan(run)
                .run(
                        selector.matchers(),
                        range,
                        (set, index, samples) -> {
                            column.clear();
                            if (smoothed) {
                                SeriesScan.dropStale(samples);
                                smooth(samples, column);
                            } else {
                                lookBack(samples, column, yield);
                            }
                            if (!column.isEmpty()) {
                                sink.accept(set.labels(index), false, column);
                            }
                        });
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
                into.set(
                        step, yield == Yield.VALUE ? values[newest] : sampleTimes[newest] / 1000.0);
            }
        }
    }

    /// Interpolates between the samples around each step, as far as the lookback reaches.
    private void smooth(SampleColumns samples, StepColumn into) {
        long[] sampleTimes = samples.timestampsMs();
        double[] values = samples.values();
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
                into.set(step, values[after]);
            } else if (hasBefore && hasAfter) {
                into.set(step, Rate.interpolate(samples, after - 1, timeMs, false));
            } else if (hasBefore) {
                into.set(step, values[after - 1]);
            }
        }
    }
}
