package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.part.PartHistogram;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import java.io.IOException;

/// Answers a series-local expression with what others can merge: values of series, or the state of
/// groups.
final class PartAnswer {
    private final Evaluation evaluation;
    private final Steps steps;
    private final PartSink sink;

    private PartAnswer(Evaluation evaluation, Steps steps, PartSink sink) {
        this.evaluation = evaluation;
        this.steps = steps;
        this.sink = sink;
    }

    static void send(Evaluation evaluation, Expr expr, Steps steps, PartSink sink)
            throws QueryException, IOException {
        PartAnswer answer = new PartAnswer(evaluation, steps, sink);
        if (expr instanceof Expr.Aggregate aggregate) {
            answer.aggregate(aggregate);
        } else {
            evaluation.vector(expr, steps, answer.series());
        }
    }

    private void aggregate(Expr.Aggregate aggregate) throws QueryException, IOException {
        switch (aggregate.operator()) {
            case SUM, AVG, COUNT, GROUP, MIN, MAX, STDDEV, STDVAR ->
                    Aggregation.groups(evaluation, aggregate, steps).state(sink);
            case COUNT_VALUES -> new ValueCounts(evaluation, aggregate, steps).run().state(sink);
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> candidates(aggregate);
            case QUANTILE ->
                    throw QueryException.execution(
                            "an aggregation over quantiles cannot be answered in parts");
        }
    }

    /// Sends each series at the steps at which it was among the chosen when its turn came. Every
    /// series that is chosen in the end was, and so was every one that had a say in which of equal
    /// ones are.
    private void candidates(Expr.Aggregate aggregate) throws QueryException, IOException {
        Selection selection = new Selection(evaluation, aggregate, steps);
        SeriesSink series = series();
        selection.start();
        evaluation.vector(
                aggregate.expr(),
                steps,
                (labels, dropName, column) -> {
                    if (selection.offer(labels, column)) {
                        series.accept(labels, dropName, column);
                    }
                });
        selection.release();
    }

    private SeriesSink series() {
        PartSeries series = new PartSeries(steps.count(), 1);
        return (labels, dropName, column) -> {
            fill(series, labels, dropName, column);
            sink.series(series);
        };
    }

    private static void fill(
            PartSeries series, Labels labels, boolean dropName, StepColumn column) {
        series.begin(labels, labels, dropName);
        double[] values = series.column(0);
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram == null) {
                values[i] = column.at(i);
                series.mark(i);
            } else {
                series.histogram(i, PartHistogram.of(histogram));
            }
        }
    }
}
