package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.function.Supplier;

/// Evaluates a window function fused with the selector or subquery that it is applied to: the
/// samples of a series are decoded once, and two indexes move over them from step to step.
final class RangeScan {
    /// Samples seen by windows between two looks at whether to go on.
    private static final long WORK_BETWEEN_CHECKS = 1 << 18;

    /// What the columns of all operators inside of a subquery may need for each of its steps.
    private static final long SUBQUERY_STEP_BYTES = 64;

    private static final int MAX_SUBQUERY_STEPS = 1 << 27;

    private final Evaluation evaluation;
    private final Expr argument;
    private final Steps steps;
    private final Supplier<RangeFunction> functions;
    private final boolean dropsName;
    private final Expr.Extension extension;
    private final StepTimes times;
    private final long rangeMs;
    private final double[][] scalars;

    /// @param argument a matrix selector or a subquery
    /// @param functions makes a function for each lane
    /// @param scalars the other arguments at all steps
    RangeScan(
            Evaluation evaluation,
            Expr argument,
            Steps steps,
            Supplier<RangeFunction> functions,
            boolean dropsName,
            double[][] scalars) {
        this.evaluation = evaluation;
        this.argument = argument;
        this.steps = steps;
        this.functions = functions;
        this.dropsName = dropsName;
        this.scalars = scalars;
        extension =
                argument instanceof Expr.MatrixSelector matrix
                        ? matrix.selector().extension()
                        : Expr.Extension.NONE;
        times = new StepTimes(shift(argument), steps);
        rangeMs = rangeMs(argument);
    }

    private static Expr.Shift shift(Expr argument) {
        return switch (argument) {
            case Expr.MatrixSelector matrix -> matrix.selector().shift();
            case Expr.Subquery subquery -> subquery.shift();
            default -> throw new IllegalStateException("not a range vector: expr=" + argument);
        };
    }

    private static long rangeMs(Expr argument) {
        return switch (argument) {
            case Expr.MatrixSelector matrix -> DurationExpr.ms(matrix.range());
            case Expr.Subquery subquery -> DurationExpr.ms(subquery.range());
            default -> throw new IllegalStateException("not a range vector: expr=" + argument);
        };
    }

    <L> L run(Gather<L> gather) throws QueryException, IOException {
        return switch (argument) {
            case Expr.MatrixSelector matrix -> selector(matrix, gather);
            case Expr.Subquery subquery -> subquery(subquery, gather);
            default -> throw new IllegalStateException("not a range vector: expr=" + argument);
        };
    }

    private <L> L selector(Expr.MatrixSelector matrix, Gather<L> gather)
            throws QueryException, IOException {
        TimeRange range =
                TimeRange.closed(
                        times.firstMs() - rangeMs - before() + 1, times.lastMs() + after());
        return new SeriesScan(evaluation.run(), matrix.selector().matchers(), range)
                .run(
                        steps.count(),
                        sink -> {
                            Roller roller = new Roller(sink);
                            return (set, index, samples) -> {
                                SeriesScan.dropStale(samples);
                                roller.roll(set.labels(index), false, samples);
                            };
                        },
                        gather);
    }

    private <L> L subquery(Expr.Subquery subquery, Gather<L> gather)
            throws QueryException, IOException {
        long stepMs =
                subquery.step()
                        .map(DurationExpr::ms)
                        .orElse(evaluation.run().defaultSubqueryStepMs());
        long afterMs = times.firstMs() - rangeMs;
        long firstMs = Math.floorDiv(afterMs, stepMs) * stepMs + stepMs;
        if (firstMs > times.lastMs()) {
            return gather.open();
        }
        QueryBudget budget = evaluation.run().budget();
        long count = (times.lastMs() - firstMs) / stepMs + 1;
        long bytes = Math.multiplyExact(count, SUBQUERY_STEP_BYTES);
        budget.chargeMemory(bytes);
        if (count > MAX_SUBQUERY_STEPS) {
            throw new QueryException(
                    QueryException.Kind.LIMIT,
                    "subquery must not have more steps: limit=" + MAX_SUBQUERY_STEPS);
        }
        Steps inner = new Steps(firstMs, times.lastMs(), stepMs);
        L all = inside().gather(subquery.expr(), inner, gather.after(next -> rolling(inner, next)));
        budget.releaseMemory(bytes);
        return all;
    }

    /// What is computed inside is counted by the windows over it.
    private Evaluation inside() {
        return evaluation.run().counted() == null ? evaluation : evaluation.counting(null);
    }

    private SeriesSink rolling(Steps inner, SeriesSink next) {
        Roller roller = new Roller(next);
        SampleColumns samples = new SampleColumns(Math.min(inner.count(), 1 << 10));
        return (labels, dropName, values) -> {
            samples.clear();
            for (int i = values.next(0); i >= 0; i = values.next(i + 1)) {
                append(samples, inner.at(i), values, i);
            }
            roller.roll(labels, dropName, samples);
        };
    }

    /// What histograms say of resets is about the sample before, not about the step before.
    private static void append(SampleColumns samples, long timeMs, StepColumn values, int step) {
        NativeHistogram histogram = values.histogram(step);
        if (histogram == null) {
            samples.append(timeMs, values.at(step));
        } else if (histogram.counterReset() == CounterReset.GAUGE) {
            samples.append(timeMs, histogram);
        } else {
            samples.append(timeMs, histogram.withCounterReset(CounterReset.UNKNOWN));
        }
    }

    /// How far before the window its function looks.
    private long before() {
        return extension == Expr.Extension.NONE ? 0 : evaluation.run().lookbackMs();
    }

    /// How far behind the window its function looks.
    private long after() {
        return extension == Expr.Extension.SMOOTHED ? evaluation.run().lookbackMs() : 0;
    }

    /// The window function over the series of one lane. Confined to one thread.
    private final class Roller {
        private final SeriesSink sink;
        private final RangeFunction function = functions.get();
        private final Remarks remarks =
                new Remarks(evaluation.run().annotations(), argument.position());
        private final Window window = new Window(scalars, rangeMs, remarks);

        /// Numbers of a series that has histograms, too.
        private final SampleColumns numbers = new SampleColumns(0);

        private final StepColumn column = new StepColumn(steps.count());
        private final WindowBounds windows = new WindowBounds(times, steps.count(), rangeMs);

        Roller(SeriesSink sink) {
            this.sink = sink;
        }

        void roll(Labels labels, boolean dropName, SampleColumns samples)
                throws QueryException, IOException {
            remarks.metric(labels);
            StepSamples counted = evaluation.run().counted();
            if (counted != null) {
                counted.windows(samples, times, rangeMs);
            }
            column.clear();
            if (samples.hasHistograms() && function.ignoresHistograms()) {
                rollNumbers(samples);
            } else {
                roll(samples);
            }
            if (!column.isEmpty()) {
                sink.accept(labels, dropName || dropsName, column);
            }
        }

        /// Rolls over the numbers among the samples, and remarks on windows with histograms beside
        /// them.
        private void rollNumbers(SampleColumns samples) throws QueryException {
            numbers.clear();
            for (int i = 0; i < samples.size(); i++) {
                if (samples.histogram(i) == null) {
                    numbers.append(samples.timestampsMs()[i], samples.values()[i]);
                }
            }
            roll(numbers);
            long[] sampleTimes = samples.timestampsMs();
            int at = 0;
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                long endMs = times.at(step);
                while (at < samples.size()
                        && (samples.histogram(at) == null || sampleTimes[at] <= endMs - rangeMs)) {
                    at++;
                }
                if (at < samples.size() && sampleTimes[at] <= endMs) {
                    remarks.ignoredHistograms();
                }
            }
        }

        private void roll(SampleColumns samples) throws QueryException {
            int size = samples.size();
            if (size == 0) {
                return;
            }
            window.series(samples);
            function.begin(samples);
            if (extension == Expr.Extension.NONE && !samples.hasHistograms()) {
                windows.of(samples);
                if (function.roll(windows, samples, column)) {
                    return;
                }
            }
            long[] sampleTimes = samples.timestampsMs();
            int from = 0;
            int to = 0;
            int count = steps.count();
            long work = 0;
            for (int step = 0; step < count; step++) {
                work += to - from + 1L;
                if (work > WORK_BETWEEN_CHECKS) {
                    evaluation.run().budget().check();
                    work = 0;
                }
                long endMs = times.at(step);
                long startMs = endMs - rangeMs;
                long reachMs = endMs + after();
                while (to < size && sampleTimes[to] <= reachMs) {
                    to++;
                }
                while (from < to && sampleTimes[from] <= startMs - before()) {
                    from++;
                }
                if (from < to) {
                    window.move(step, steps.at(step), startMs, endMs);
                    window.slice(from, to);
                    double value = function.over(window);
                    NativeHistogram histogram = window.histogram();
                    if (histogram != null) {
                        column.set(step, histogram);
                    } else if (!window.isAbsent()) {
                        column.set(step, value);
                    }
                }
            }
        }
    }
}
