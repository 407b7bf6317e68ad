package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.Histograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Evaluates planned expressions over steps: an operator pushes one series after another, over all
/// steps, into the next. Confined to one thread.
///
/// Operators that need all their input before they can answer, such as joins, collect it; all
/// others hold one series at a time.
final class Evaluation {
    private final QueryRun run;

    Evaluation(QueryRun run) {
        this.run = run;
    }

    QueryRun run() {
        return run;
    }

    /// Pushes the series of an instant vector, or of a scalar as one series without labels.
    void vector(Expr expr, Steps steps, SeriesSink sink) throws QueryException, IOException {
        run.budget().check();
        QueryTrace trace = run.budget().trace();
        if (trace == null) {
            operator(expr, steps, sink);
        } else {
            trace.operator(this, expr, steps, sink);
        }
    }

    /// The same without a look at the budget or the trace.
    void operator(Expr expr, Steps steps, SeriesSink sink) throws QueryException, IOException {
        switch (expr) {
            case Expr.VectorSelector selector -> new InstantScan(run, selector, steps).run(sink);
            case Expr.Paren paren -> vector(paren.expr(), steps, sink);
            case Expr.StepInvariant invariant -> invariant(invariant.expr(), steps, sink);
            case Expr.Unary unary -> unary(unary, steps, sink);
            case Expr.Binary binary when binary.type() == ValueType.VECTOR ->
                    BinaryOperation.evaluate(this, binary, steps, sink);
            case Expr.Aggregate aggregate -> Aggregation.evaluate(this, aggregate, steps, sink);
            case Expr.Call call when call.type() == ValueType.VECTOR ->
                    Calls.vector(this, call, steps, sink);
            case Expr.NumberLiteral _, Expr.Binary _, Expr.Call _ -> {
                StepColumn column = new StepColumn(steps.count());
                column.setAll(scalar(expr, steps));
                sink.accept(Labels.EMPTY, false, column);
            }
            case Expr.StringLiteral _, Expr.MatrixSelector _, Expr.Subquery _ ->
                    throw new IllegalStateException("not an instant vector: expr=" + expr);
        }
    }

    /// The value of a scalar at every step.
    double[] scalar(Expr expr, Steps steps) throws QueryException, IOException {
        return switch (expr) {
            case Expr.NumberLiteral number -> constant(number.value(), steps);
            case Expr.Paren paren -> scalar(paren.expr(), steps);
            case Expr.StepInvariant invariant ->
                    constant(scalar(invariant.expr(), Steps.instant(steps.startMs()))[0], steps);
            case Expr.Unary unary -> {
                double[] values = scalar(unary.expr(), steps);
                if (unary.negative()) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = -values[i];
                    }
                }
                yield values;
            }
            case Expr.Binary binary -> {
                double[] left = scalar(binary.left(), steps);
                double[] right = scalar(binary.right(), steps);
                for (int i = 0; i < left.length; i++) {
                    left[i] = binary.operator().apply(left[i], right[i]);
                }
                yield left;
            }
            case Expr.Call call -> Calls.scalar(this, call, steps);
            case Expr.StringLiteral _,
                    Expr.VectorSelector _,
                    Expr.MatrixSelector _,
                    Expr.Subquery _,
                    Expr.Aggregate _ ->
                    throw new IllegalStateException("not a scalar: expr=" + expr);
        };
    }

    static double[] constant(double value, Steps steps) {
        double[] values = new double[steps.count()];
        Arrays.fill(values, value);
        return values;
    }

    /// All series of a vector, copied.
    List<StepSeries> collect(Expr expr, Steps steps) throws QueryException, IOException {
        List<StepSeries> all = new ArrayList<>();
        vector(
                expr,
                steps,
                (labels, dropName, column) -> {
                    long bytes = column.sizeBytes();
                    run.budget().chargeMemory(bytes);
                    all.add(new StepSeries(labels, dropName, column.copy(), bytes));
                });
        return all;
    }

    /// To be called once for what [#collect] gave when it is no longer held.
    void release(List<StepSeries> series) {
        long bytes = 0;
        for (StepSeries each : series) {
            bytes += each.chargedBytes();
        }
        run.budget().releaseMemory(bytes);
    }

    private void invariant(Expr expr, Steps steps, SeriesSink sink)
            throws QueryException, IOException {
        StepColumn all = new StepColumn(steps.count());
        vector(
                expr,
                Steps.instant(steps.startMs()),
                (labels, dropName, column) -> {
                    all.fillFrom(column);
                    sink.accept(labels, dropName, all);
                });
    }

    private static void negate(StepColumn column) {
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram != null) {
                column.set(i, Histograms.scaled(histogram, -1));
            }
        }
    }

    private void unary(Expr.Unary unary, Steps steps, SeriesSink sink)
            throws QueryException, IOException {
        if (!unary.negative()) {
            vector(unary.expr(), steps, sink);
            return;
        }
        vector(
                unary.expr(),
                steps,
                (labels, _, column) -> {
                    double[] values = column.values();
                    for (int i = 0; i < values.length; i++) {
                        values[i] = -values[i];
                    }
                    if (column.hasHistograms()) {
                        negate(column);
                    }
                    sink.accept(labels, true, column);
                });
    }
}
