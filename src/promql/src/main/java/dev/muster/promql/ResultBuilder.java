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
        List<Labels> labels = new ArrayList<>();
        List<StepColumn> columns = new ArrayList<>();
        Map<Labels, Integer> seen = new LinkedHashMap<>();
        evaluation.vector(
                plan,
                steps,
                (series, dropName, column) -> {
                    Labels name = named(series, dropName);
                    if (seen.put(name, labels.size()) != null) {
                        throw SeriesMerge.duplicate();
                    }
                    run.budget().chargeMemory(column.sizeBytes());
                    labels.add(name);
                    columns.add(column.copy());
                });
        int size = cut(labels.size());
        double[] values = new double[size];
        @Nullable NativeHistogram @Nullable [] histograms = null;
        for (int i = 0; i < size; i++) {
            StepColumn column = columns.get(i);
            NativeHistogram histogram = column.histogram(0);
            if (histogram == null) {
                values[i] = column.at(0);
            } else {
                histograms = histograms == null ? new @Nullable NativeHistogram[size] : histograms;
                histograms[i] = histogram;
            }
        }
        return new VectorValue(labels.subList(0, size), steps.startMs(), values, histograms);
    }

    private int cut(int size) {
        if (limit == 0 || size <= limit) {
            return size;
        }
        run.annotations().storage("results truncated due to limit");
        return limit;
    }

    private MatrixValue matrix(Expr plan) throws QueryException, IOException {
        SeriesMerge merge = new SeriesMerge(run.budget());
        evaluation.vector(
                plan,
                steps,
                (series, dropName, column) -> merge.accept(named(series, dropName), false, column));
        List<MatrixSeries> all = new ArrayList<>();
        merge.flush((labels, _, column) -> all.add(points(labels, column)));
        return sorted(all);
    }

    private MatrixSeries points(Labels labels, StepColumn column) {
        int count = column.count();
        run.budget().chargeMemory(POINT_BYTES * count);
        long[] times = new long[count];
        double[] values = new double[count];
        @Nullable NativeHistogram @Nullable [] histograms =
                column.hasHistograms() ? new @Nullable NativeHistogram[count] : null;
        int at = 0;
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            times[at] = steps.at(i);
            values[at] = column.at(i);
            if (histograms != null) {
                histograms[at] = column.histogram(i);
            }
            at++;
        }
        return new MatrixSeries(labels, times, values, histograms);
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
        new SeriesScan(run)
                .run(
                        matrix.selector().matchers(),
                        range,
                        (set, index, samples) -> {
                            SeriesScan.dropStale(samples);
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
        new RangeScan(evaluation, subquery, steps, keep, false, new double[0][])
                .run((labels, dropName, _) -> {
                    Labels name = named(labels, dropName);
                    if (seen.put(name, all.size()) != null) {
                        throw SeriesMerge.duplicate();
                    }
                    all.add(copy(name, copied));
                });
        return sorted(all);
    }
}
