package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.Histograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates planned expressions over steps: an operator pushes one series after another, over all
/// steps, into the next.
///
/// Driven by one thread. Operators that look at one series at a time run on many: they stand as
/// stages in front of a [Gather], and the scan below fills its lanes. Operators that need all their
/// input before they can answer hold what they need of it.
final class Evaluation {
    private final QueryRun run;

    /// Null where nobody can be asked.
    private final @Nullable Delegation delegation;

    Evaluation(QueryRun run) {
        this(run, run.counted() == null);
    }

    private Evaluation(QueryRun run, boolean delegates) {
        this.run = run;
        delegation = delegates ? Delegation.of(this) : null;
    }

    /// The same for another count of the samples that steps look at.
    Evaluation counting(@Nullable StepSamples counted) {
        return new Evaluation(run.counting(counted), delegation != null);
    }

    /// The same without asking parts of the source.
    Evaluation withoutParts() {
        return delegation == null ? this : new Evaluation(run, false);
    }

    /// Notes of a plan who would be asked for what.
    void explain(ExplainNode plan) throws QueryException, IOException {
        if (delegation != null) {
            delegation.explain(plan);
        }
    }

    QueryRun run() {
        return run;
    }

    /// Pushes the series of an instant vector, or of a scalar as one series without labels, one at
    /// a time and in order. (Not always on this thread: what the sink does happens before this
    /// returns.)
    void vector(Expr expr, Steps steps, SeriesSink sink) throws QueryException, IOException {
        gather(expr, steps, new InOrder(sink, run.budget()));
    }

    /// Gathers the series of an instant vector, or of a scalar as one series without labels.
    ///
    /// Every operator of a plan is entered here, once, so this is where operators are traced.
    <L> L gather(Expr expr, Steps steps, Gather<L> gather) throws QueryException, IOException {
        run.budget().check();
        QueryTrace trace = run.budget().trace();
        return trace == null
                ? operator(expr, steps, gather)
                : trace.operator(this, expr, steps, gather);
    }

    /// The same without a look at the budget or the trace.
    <L> L operator(Expr expr, Steps steps, Gather<L> gather) throws QueryException, IOException {
        Delegation parts = delegation;
        Evaluation.Pushing answer = parts == null ? null : parts.ask(expr, steps);
        return answer == null ? local(expr, steps, gather) : inOrder(gather, answer);
    }

    /// Evaluates with what the source gives here, except that parts of the expression may still be
    /// delegated.
    private <L> L local(Expr expr, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        return switch (expr) {
            case Expr.VectorSelector selector ->
                    new InstantScan(run, selector, steps).run(InstantScan.Yield.VALUE, gather);
            case Expr.Paren paren -> gather(paren.expr(), steps, gather);
            case Expr.StepInvariant invariant -> invariant(invariant.expr(), steps, gather);
            case Expr.Unary unary -> unary(unary, steps, gather);
            case Expr.Binary binary when binary.type() == ValueType.VECTOR ->
                    BinaryOperation.gather(this, binary, steps, gather);
            case Expr.Aggregate aggregate ->
                    inOrder(gather, sink -> Aggregation.evaluate(this, aggregate, steps, sink));
            case Expr.Call call when call.type() == ValueType.VECTOR ->
                    Calls.gather(this, call, steps, gather);
            case Expr.NumberLiteral _, Expr.Binary _, Expr.Call _ -> {
                StepColumn column = new StepColumn(steps.count());
                column.setAll(scalar(expr, steps));
                yield inOrder(gather, sink -> sink.accept(Labels.EMPTY, false, column));
            }
            case Expr.StringLiteral _, Expr.MatrixSelector _, Expr.Subquery _ ->
                    throw new IllegalStateException("not an instant vector: expr=" + expr);
        };
    }

    /// Pushes series that are known on this thread.
    @FunctionalInterface
    interface Pushing {
        void into(SeriesSink sink) throws QueryException, IOException;
    }

    /// Fills one lane on this thread.
    <L> L inOrder(Gather<L> gather, Pushing pushing) throws QueryException, IOException {
        if (gather.delivers()) {
            pushing.into(gather.direct());
            return gather.open();
        }
        L lane = gather.open();
        pushing.into(gather.sink(lane));
        return lane;
    }

    /// The value of a scalar at every step.
    double[] scalar(Expr expr, Steps steps) throws QueryException, IOException {
        return switch (expr) {
            case Expr.NumberLiteral number -> constant(number.value(), steps);
            case Expr.Paren paren -> scalar(paren.expr(), steps);
            case Expr.StepInvariant invariant ->
                    constant(
                            once(steps, (all, first) -> all.scalar(invariant.expr(), first))[0],
                            steps);
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
        return gather(expr, steps, new Collected());
    }

    private final class Collected implements Gather<List<StepSeries>> {
        @Override
        public List<StepSeries> open() {
            return new ArrayList<>();
        }

        @Override
        public SeriesSink sink(List<StepSeries> lane) {
            return (labels, dropName, column) ->
                    lane.add(StepSeries.copy(labels, dropName, column, run.budget()));
        }

        @Override
        public void merge(List<StepSeries> into, List<StepSeries> next) {
            into.addAll(next);
        }
    }

    /// To be called once for what [#collect] gave when it is no longer held.
    void release(List<StepSeries> series) {
        long bytes = 0;
        for (StepSeries each : series) {
            bytes += each.chargedBytes();
        }
        run.budget().releaseMemory(bytes);
    }

    private <L> L invariant(Expr expr, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        Gather.Stage repeat =
                next -> {
                    StepColumn all = new StepColumn(steps.count());
                    return (labels, dropName, column) -> {
                        all.fillFrom(column);
                        next.accept(labels, dropName, all);
                    };
                };
        return once(steps, (all, first) -> all.gather(expr, first, gather.after(repeat)));
    }

    /// What is evaluated once for all steps.
    @FunctionalInterface
    private interface Once<T> {
        T at(Evaluation evaluation, Steps first) throws QueryException, IOException;
    }

    private <T> T once(Steps steps, Once<T> evaluating) throws QueryException, IOException {
        Steps first = Steps.instant(steps.startMs());
        StepSamples counted = run.counted();
        if (counted == null) {
            return evaluating.at(this, first);
        }
        StepSamples one = new StepSamples(first);
        T value = evaluating.at(counting(one), first);
        counted.repeat(one);
        return value;
    }

    private static void negate(StepColumn column) {
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram != null) {
                column.set(i, Histograms.scaled(histogram, -1));
            }
        }
    }

    private <L> L unary(Expr.Unary unary, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        if (!unary.negative()) {
            return gather(unary.expr(), steps, gather);
        }
        Gather.Stage negation =
                next ->
                        (labels, _, column) -> {
                            double[] values = column.values();
                            for (int i = 0; i < values.length; i++) {
                                values[i] = -values[i];
                            }
                            if (column.hasHistograms()) {
                                negate(column);
                            }
                            next.accept(labels, true, column);
                        };
        return gather(unary.expr(), steps, gather.after(negation));
    }
}
