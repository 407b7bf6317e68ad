package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/// Evaluates function calls.
final class Calls {
    private static final List<String> COUNTER_SUFFIXES =
            List.of("_total", "_sum", "_count", "_bucket");

    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;

    private Calls(Evaluation evaluation, Expr.Call call, Steps steps) {
        this.evaluation = evaluation;
        this.call = call;
        this.steps = steps;
    }

    static double[] scalar(Evaluation evaluation, Expr.Call call, Steps steps)
            throws QueryException, IOException {
        return new Calls(evaluation, call, steps).scalar();
    }

    static <L> L gather(Evaluation evaluation, Expr.Call call, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        return new Calls(evaluation, call, steps).gather(gather);
    }

    private Expr argument(int index) {
        return call.arguments().get(index);
    }

    private double[] scalarArgument(int index) throws QueryException, IOException {
        return evaluation.scalar(argument(index), steps);
    }

    // Functions with a scalar value.

    private double[] scalar() throws QueryException, IOException {
        QueryRun run = evaluation.run();
        Steps whole = run.steps();
        return switch (call.function()) {
            case TIME -> times();
            case PI -> Evaluation.constant(Math.PI, steps);
            case START -> Evaluation.constant(whole.startMs() / 1000.0, steps);
            case END -> Evaluation.constant(whole.endMs() / 1000.0, steps);
            case STEP -> Evaluation.constant(run.stepMs() / 1000.0, steps);
            case RANGE -> Evaluation.constant((whole.endMs() - whole.startMs()) / 1000.0, steps);
            case MIN_OF -> extreme(false);
            case MAX_OF -> extreme(true);
            case SCALAR -> onlyValue();
            default -> throw unknown();
        };
    }

    private double[] times() {
        double[] times = new double[steps.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = steps.at(i) / 1000.0;
        }
        return times;
    }

    private double[] extreme(boolean max) throws QueryException, IOException {
        double[] left = scalarArgument(0);
        double[] right = scalarArgument(1);
        for (int i = 0; i < left.length; i++) {
            left[i] = max ? Numbers.max(left[i], right[i]) : Numbers.min(left[i], right[i]);
        }
        return left;
    }

    private double[] onlyValue() throws QueryException, IOException {
        double[] values = Evaluation.constant(Numbers.NAN, steps);
        StepColumn seen = new StepColumn(steps.count());
        evaluation.vector(
                argument(0),
                steps,
                (_, _, column) -> {
                    column.dropHistograms();
                    for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                        values[i] = seen.has(i) ? Numbers.NAN : column.at(i);
                        seen.set(i, 0);
                    }
                });
        return values;
    }

    // Functions with a vector value.

    private <L> L gather(Gather<L> gather) throws QueryException, IOException {
        return switch (call.function()) {
            case TIMESTAMP -> timestamp(gather);
            case START_TIMESTAMP -> startTimestamp(gather);
            case CLAMP -> clamp(scalarArgument(1), scalarArgument(2), gather);
            case CLAMP_MIN ->
                    clamp(
                            scalarArgument(1),
                            Evaluation.constant(Double.POSITIVE_INFINITY, steps),
                            gather);
            case CLAMP_MAX ->
                    clamp(
                            Evaluation.constant(Double.NEGATIVE_INFINITY, steps),
                            scalarArgument(1),
                            gather);
            case ROUND -> round(gather);
            case HISTOGRAM_AVG,
                    HISTOGRAM_COUNT,
                    HISTOGRAM_SUM,
                    HISTOGRAM_STDDEV,
                    HISTOGRAM_STDVAR ->
                    HistogramFunctions.gather(evaluation, call, steps, gather);
            case VECTOR,
                    ABSENT,
                    ABSENT_OVER_TIME,
                    SORT,
                    SORT_DESC,
                    SORT_BY_LABEL,
                    SORT_BY_LABEL_DESC,
                    LABEL_REPLACE,
                    LABEL_JOIN,
                    INFO,
                    HISTOGRAM_QUANTILE,
                    HISTOGRAM_QUANTILES,
                    HISTOGRAM_FRACTION ->
                    evaluation.inOrder(gather, this::vector);
            default -> isRange() ? range(gather) : each(gather);
        };
    }

    /// Functions that look at all series together.
    private void vector(SeriesSink sink) throws QueryException, IOException {
        switch (call.function()) {
            case VECTOR -> {
                StepColumn column = new StepColumn(steps.count());
                column.setAll(scalarArgument(0));
                sink.accept(Labels.EMPTY, false, column);
            }
            case ABSENT -> absent(argument(0), sink);
            case ABSENT_OVER_TIME -> absentOverTime(sink);
            case LABEL_REPLACE, LABEL_JOIN -> new LabelFunction(evaluation, call, steps).run(sink);
            case INFO -> new InfoFunction(evaluation, call, steps).run(sink);
            case HISTOGRAM_QUANTILE, HISTOGRAM_QUANTILES, HISTOGRAM_FRACTION ->
                    new HistogramEstimate(evaluation, call, steps).run(sink);
            default -> new SortFunction(evaluation, call, steps).run(sink);
        }
    }

    private boolean isRange() {
        return call.function().arguments().contains(ValueType.MATRIX);
    }

    private <L> L each(Gather<L> gather) throws QueryException, IOException {
        DoubleUnaryOperator date = DateFunctions.of(call.function());
        if (date != null && call.arguments().isEmpty()) {
            StepColumn column = new StepColumn(steps.count());
            for (int i = 0; i < steps.count(); i++) {
                column.set(i, date.applyAsDouble((double) Math.floorDiv(steps.at(i), 1000L)));
            }
            return evaluation.inOrder(gather, sink -> sink.accept(Labels.EMPTY, false, column));
        }
        DoubleUnaryOperator function = date != null ? date : MathFunctions.of(call.function());
        return numbers(
                gather,
                column -> {
                    double[] values = column.values();
                    for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                        values[i] = function.applyAsDouble(values[i]);
                    }
                });
    }

    /// Changes the numbers of a series.
    @FunctionalInterface
    private interface Change {
        void of(StepColumn column);
    }

    /// Gathers the series of the first argument, without their histograms, after a change.
    private <L> L numbers(Gather<L> gather, Change change) throws QueryException, IOException {
        Gather.Stage stage =
                next ->
                        (labels, _, column) -> {
                            column.dropHistograms();
                            change.of(column);
                            if (!column.isEmpty()) {
                                next.accept(labels, true, column);
                            }
                        };
        return evaluation.gather(argument(0), steps, gather.after(stage));
    }

    private <L> L round(Gather<L> gather) throws QueryException, IOException {
        double[] nearest =
                call.arguments().size() > 1 ? scalarArgument(1) : Evaluation.constant(1, steps);
        return numbers(
                gather,
                column -> {
                    double[] values = column.values();
                    for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                        double inverse = 1 / nearest[i];
                        values[i] = Math.floor(values[i] * inverse + 0.5) / inverse;
                    }
                });
    }

    private <L> L clamp(double[] least, double[] greatest, Gather<L> gather)
            throws QueryException, IOException {
        return numbers(
                gather,
                column -> {
                    for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                        if (greatest[i] < least[i]) {
                            column.remove(i);
                        } else {
                            column.set(
                                    i,
                                    Numbers.max(least[i], Numbers.min(greatest[i], column.at(i))));
                        }
                    }
                });
    }

    private static SeriesSink droppingNames(SeriesSink next) {
        return (labels, _, column) -> next.accept(labels, true, column);
    }

    private <L> L timestamp(Gather<L> gather) throws QueryException, IOException {
        if (argument(0) instanceof Expr.VectorSelector selector
                && selector.extension() == Expr.Extension.NONE) {
            return new InstantScan(evaluation.run(), selector, steps)
                    .run(InstantScan.Yield.TIME, gather.after(Calls::droppingNames));
        }
        Gather.Stage stage =
                next ->
                        (labels, _, column) -> {
                            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                                column.set(i, steps.at(i) / 1000.0);
                            }
                            next.accept(labels, true, column);
                        };
        return evaluation.gather(argument(0), steps, gather.after(stage));
    }

    private <L> L startTimestamp(Gather<L> gather) throws QueryException, IOException {
        if (argument(0) instanceof Expr.VectorSelector selector
                && selector.extension() == Expr.Extension.NONE) {
            return new InstantScan(evaluation.run(), selector, steps)
                    .run(InstantScan.Yield.START, gather.after(Calls::droppingNames));
        }
        // What is computed has no start.
        evaluation.vector(argument(0), steps, (_, _, _) -> {});
        return gather.open();
    }

    // Absence.

    private void absent(Expr argument, SeriesSink sink) throws QueryException, IOException {
        StepColumn any = new StepColumn(steps.count());
        evaluation.vector(argument, steps, (_, _, column) -> any.markAll(column));
        pushAbsence(any, sink);
    }

    private void absentOverTime(SeriesSink sink) throws QueryException, IOException {
        StepColumn any = new StepColumn(steps.count());
        rangeScan()
                .run(new InOrder((_, _, column) -> any.markAll(column), evaluation.run().budget()));
        pushAbsence(any, sink);
    }

    private void pushAbsence(StepColumn any, SeriesSink sink) throws QueryException, IOException {
        StepColumn column = new StepColumn(steps.count());
        column.fill(1);
        column.removeAll(any);
        if (!column.isEmpty()) {
            sink.accept(absentLabels(), false, column);
        }
    }

    /// Labels that the selector asks for exactly; a label with two matchers is none of them.
    private Labels absentLabels() {
        Expr argument = argument(0);
        if (argument instanceof Expr.StepInvariant(var inner)) {
            argument = inner;
        }
        List<LabelMatcher> matchers =
                switch (argument) {
                    case Expr.VectorSelector selector -> selector.matchers();
                    case Expr.MatrixSelector matrix -> matrix.selector().matchers();
                    default -> List.of();
                };
        Labels.Builder labels = Labels.builder();
        Set<String> seen = new HashSet<>();
        for (LabelMatcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC)) {
                continue;
            }
            if (matcher instanceof LabelMatcher.Equal(var name, var value) && seen.add(name)) {
                labels.set(name, value);
            } else {
                labels.remove(matcher.name());
            }
        }
        return labels.build();
    }

    // Functions of range vectors.

    private RangeScan rangeScan() throws QueryException, IOException {
        Expr matrix = argument(0);
        List<double[]> scalars = new ArrayList<>();
        for (Expr argument : call.arguments()) {
            if (argument.type() == ValueType.MATRIX) {
                matrix = argument;
            } else {
                scalars.add(evaluation.scalar(argument, steps));
            }
        }
        Expr.Extension extension =
                matrix instanceof Expr.MatrixSelector selector
                        ? selector.selector().extension()
                        : Expr.Extension.NONE;
        checkExtension(extension);
        if (call.function() == Function.QUANTILE_OVER_TIME) {
            warnOfQuantiles(scalars.getFirst());
        }
        Function function = call.function();
        boolean dropsName =
                function != Function.LAST_OVER_TIME && function != Function.FIRST_OVER_TIME;
        return new RangeScan(
                evaluation,
                matrix,
                steps,
                () -> RangeFunctions.of(function, extension),
                dropsName,
                scalars.toArray(double[][]::new));
    }

    private void checkExtension(Expr.Extension extension) throws QueryException {
        Function function = call.function();
        boolean smoothable =
                function == Function.DELTA
                        || function == Function.INCREASE
                        || function == Function.RATE;
        boolean anchorable =
                smoothable || function == Function.CHANGES || function == Function.RESETS;
        if (extension == Expr.Extension.SMOOTHED && !smoothable) {
            throw QueryException.execution(
                    "smoothed modifier can only be used with: delta, increase, rate - not with "
                            + function.text());
        }
        if (extension == Expr.Extension.ANCHORED && !anchorable) {
            throw QueryException.execution(
                    "anchored modifier can only be used with: changes, delta, increase, rate,"
                            + " resets - not with "
                            + function.text());
        }
    }

    private void warnOfQuantiles(double[] quantiles) {
        for (double quantile : quantiles) {
            if (!(quantile >= 0 && quantile <= 1)) {
                evaluation.run().annotations().invalidQuantile(quantile, argument(0).position());
            }
        }
    }

    private <L> L range(Gather<L> gather) throws QueryException, IOException {
        boolean counter = call.function() == Function.RATE || call.function() == Function.INCREASE;
        return rangeScan().run(counter ? gather.after(this::remarkingNonCounters) : gather);
    }

    private SeriesSink remarkingNonCounters(SeriesSink next) {
        return new SeriesSink() {
            private String seen = "";

            @Override
            public void accept(Labels labels, boolean dropName, StepColumn column)
                    throws QueryException, IOException {
                String metric = labels.metric();
                if (!metric.equals(seen) && hasNumbers(column)) {
                    seen = metric;
                    remarkNonCounter(metric);
                }
                next.accept(labels, dropName, column);
            }
        };
    }

    private static boolean hasNumbers(StepColumn column) {
        if (!column.hasHistograms()) {
            return true;
        }
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            if (column.histogram(i) == null) {
                return true;
            }
        }
        return false;
    }

    private void remarkNonCounter(String metric) {
        if (!metric.isEmpty() && COUNTER_SUFFIXES.stream().noneMatch(metric::endsWith)) {
            evaluation.run().annotations().possibleNonCounter(metric, argument(0).position());
        }
    }

    private IllegalStateException unknown() {
        return new IllegalStateException(
                "function must be known to the evaluator: function=" + call.function().text());
    }
}
