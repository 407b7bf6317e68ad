package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates a plan and makes the answer of it: names go where they are to go, and a matrix is
/// sorted.
final class ResultBuilder {
    /// What a point of the answer holds on to.
    private static final long POINT_BYTES = 16;

    private final QueryRun run;
    private final Evaluation evaluation;
    private final Steps steps;
    private final int limit;

    /// @param limit most series; 0 for all
    ResultBuilder(QueryRun run, int limit) {
        this.run = run;
        this.limit = limit;
        evaluation = new Evaluation(run);
        steps = run.steps();
    }

    QueryValue build(Expr expr, Expr plan) throws QueryException, IOException {
        if (!run.instant()) {
            return matrix(plan);
        }
        return switch (expr.type()) {
            case SCALAR -> new ScalarValue(steps.startMs(), evaluation.scalar(plan, steps)[0]);
            case STRING -> string(plan);
            case VECTOR -> vector(plan);
            case MATRIX -> samples(plan);
            case NONE -> throw new IllegalStateException("expression must have a type: " + expr);
        };
    }

    private QueryValue string(Expr plan) {
        if (plan instanceof Expr.StringLiteral literal) {
            return new StringValue(steps.startMs(), literal.value());
        }
        throw new IllegalStateException("not a string: expr=" + plan);
    }

    private static Labels named(Labels labels, boolean dropName) {
        return dropName ? Grouping.withoutMetadata(labels) : labels;
    }

    private VectorValue vector(Expr plan) throws QueryException, IOException {
        InstantLane all = evaluation.gather(plan, steps, new Instants());
        if (all.hasDuplicates()) {
            throw SeriesMerge.duplicate();
        }
        return all.value(cut(all.size()), steps.startMs());
    }

    /// The values at one step, lane by lane.
    private final class Instants implements Gather<InstantLane> {
        @Override
        public InstantLane open() {
            return new InstantLane();
        }

        @Override
        public SeriesSink sink(InstantLane lane) {
            return (labels, dropName, column) -> {
                NativeHistogram histogram = column.histogram(0);
                run.budget()
                        .chargeMemory(
                                histogram == null ? InstantLane.SERIES_BYTES : column.sizeBytes());
                lane.add(named(labels, dropName), column.at(0), histogram);
            };
        }

        @Override
        public void merge(InstantLane into, InstantLane next) {
            into.addAll(next);
        }
    }

    private int cut(int size) {
        if (limit == 0 || size <= limit) {
            return size;
        }
        run.annotations().storage("results truncated due to limit");
        return limit;
    }

    private MatrixValue matrix(Expr plan) throws QueryException, IOException {
        List<MatrixSeries> all = evaluation.gather(plan, steps, new Points());
        if (!ascends(all)) {
            all.sort(Comparator.comparing(MatrixSeries::labels));
            all = PointMerge.merged(all);
        }
        return new MatrixValue(all.subList(0, cut(all.size())));
    }

    private static boolean ascends(List<MatrixSeries> all) {
        for (int i = 1; i < all.size(); i++) {
            Labels before = all.get(i - 1).labels();
            if (before.compareTo(all.get(i).labels()) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// Points at all steps, lane by lane.
    private final class Points implements Gather<List<MatrixSeries>> {
        /// Times of the steps, shared by all series that have a value at each.
        private final long[] times = new long[steps.count()];

        Points() {
            for (int i = 0; i < times.length; i++) {
                times[i] = steps.at(i);
            }
        }

        @Override
        public List<MatrixSeries> open() {
            return new ArrayList<>();
        }

        @Override
        public SeriesSink sink(List<MatrixSeries> lane) {
            return (labels, dropName, column) -> {
                MatrixSeries points = points(named(labels, dropName), column);
                if (points.size() > 0) {
                    lane.add(points);
                }
            };
        }

        @Override
        public void merge(List<MatrixSeries> into, List<MatrixSeries> next) {
            into.addAll(next);
        }

        private MatrixSeries points(Labels labels, StepColumn column) {
            int count = column.count();
            run.budget()
                    .chargeMemory(
                            column.hasHistograms() ? column.sizeBytes() : POINT_BYTES * count);
            if (count == times.length && !column.hasHistograms()) {
                return new MatrixSeries(labels, times, column.values().clone(), null);
            }
            long[] someTimes = new long[count];
            double[] values = new double[count];
            @Nullable NativeHistogram @Nullable [] histograms =
                    column.hasHistograms() ? new @Nullable NativeHistogram[count] : null;
            int at = 0;
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                someTimes[at] = times[i];
                values[at] = column.at(i);
                if (histograms != null) {
                    histograms[at] = column.histogram(i);
                }
                at++;
            }
            return new MatrixSeries(labels, someTimes, values, histograms);
        }
    }

    private MatrixValue sorted(List<MatrixSeries> all) {
        all.sort(Comparator.comparing(MatrixSeries::labels));
        return new MatrixValue(all.subList(0, cut(all.size())));
    }

    /// An instant query for a range vector: its samples as they are.
    private MatrixValue samples(Expr plan) throws QueryException, IOException {
        return switch (plan) {
            case Expr.MatrixSelector matrix -> selected(matrix);
            case Expr.Subquery subquery -> subquery(subquery);
            default -> throw new IllegalStateException("not a range vector: expr=" + plan);
        };
    }

    private MatrixValue selected(Expr.MatrixSelector matrix) throws QueryException, IOException {
        StepTimes times = new StepTimes(matrix.selector().shift(), steps);
        long endMs = times.firstMs();
        long startMs = endMs - DurationExpr.ms(matrix.range());
        Expr.Extension extension = matrix.selector().extension();
        long before = extension == Expr.Extension.NONE ? 0 : run.lookbackMs();
        long after = extension == Expr.Extension.SMOOTHED ? run.lookbackMs() : 0;
        TimeRange range = TimeRange.closed(startMs - before + 1, endMs + after);
        List<MatrixSeries> all = new ArrayList<>();
        new SeriesScan(run, matrix.selector().matchers(), range)
                .run((set, index, samples) -> {
                    SeriesScan.dropStale(samples);
                    StepSamples counted = run.counted();
                    if (counted != null) {
                        counted.windows(samples, times, endMs - startMs);
                    }
                    SampleColumns shown =
                            extension == Expr.Extension.NONE
                                    ? samples
                                    : Borders.extend(
                                            samples,
                                            startMs,
                                            endMs,
                                            extension == Expr.Extension.SMOOTHED);
                    if (shown.size() > 0) {
                        all.add(copy(set.labels(index), shown));
                    }
                });
        return sorted(all);
    }

    private MatrixSeries copy(Labels labels, SampleColumns samples) {
        int size = samples.size();
        run.budget().chargeMemory(POINT_BYTES * size);
        @Nullable NativeHistogram @Nullable [] histograms = null;
        if (samples.hasHistograms()) {
            histograms = new @Nullable NativeHistogram[size];
            for (int i = 0; i < size; i++) {
                histograms[i] = samples.histogram(i);
            }
        }
        return new MatrixSeries(
                labels,
                Arrays.copyOf(samples.timestampsMs(), size),
                Arrays.copyOf(samples.values(), size),
                histograms);
    }

    private MatrixValue subquery(Expr.Subquery subquery) throws QueryException, IOException {
        List<MatrixSeries> all = new ArrayList<>();
        Map<Labels, Integer> seen = new LinkedHashMap<>();
        SampleColumns copied = new SampleColumns();
        RangeFunction keep =
                window -> {
                    copied.clear();
                    for (int i = window.from(); i < window.to(); i++) {
                        copied.appendFrom(window.samples(), i);
                    }
                    return 1;
                };
        // On one thread, as what is copied is that of the series at hand.
        SeriesSink keeping =
                (labels, dropName, _) -> {
                    Labels name = named(labels, dropName);
                    if (seen.put(name, all.size()) != null) {
                        throw SeriesMerge.duplicate();
                    }
                    all.add(copy(name, copied));
                };
        Evaluation alone = new Evaluation(run.alone());
        new RangeScan(alone, subquery, steps, () -> keep, false, new double[0][])
                .run(new InOrder(keeping, run.budget()));
        return sorted(all);
    }
}
