package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/// Evaluates the sort functions. They order the answer of an instant query; over a range, where
/// series are ordered by their labels, they do nothing.
final class SortFunction {
    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;

    SortFunction(Evaluation evaluation, Expr.Call call, Steps steps) {
        this.evaluation = evaluation;
        this.call = call;
        this.steps = steps;
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        Expr argument = call.arguments().getFirst();
        SeriesSink numbers = byValue() ? withoutHistograms(sink) : sink;
        if (steps.count() > 1) {
            evaluation.vector(argument, steps, numbers);
            return;
        }
        List<StepSeries> all = evaluation.collect(argument, steps);
        all.sort(order());
        for (StepSeries series : all) {
            numbers.accept(series.labels(), series.dropName(), series.column());
        }
        evaluation.release(all);
    }

    private boolean byValue() {
        return call.function() == Function.SORT || call.function() == Function.SORT_DESC;
    }

    /// Histograms have no order.
    static SeriesSink withoutHistograms(SeriesSink sink) {
        return (labels, dropName, column) -> {
            if (!column.dropHistograms() || !column.isEmpty()) {
                sink.accept(labels, dropName, column);
            }
        };
    }

    private Comparator<StepSeries> order() {
        return switch (call.function()) {
            case SORT -> byValue(false);
            case SORT_DESC -> byValue(true);
            case SORT_BY_LABEL -> byLabels();
            default -> byLabels().reversed();
        };
    }

    /// NaN comes last either way.
    private static Comparator<StepSeries> byValue(boolean descending) {
        return (a, b) -> {
            double x = a.column().at(0);
            double y = b.column().at(0);
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Boolean.compare(Double.isNaN(x), Double.isNaN(y));
            }
            int order = x < y ? -1 : x > y ? 1 : 0;
            return descending ? -order : order;
        };
    }

    private Comparator<StepSeries> byLabels() {
        List<String> names =
                call.arguments().stream()
                        .skip(1)
                        .map(argument -> ((Expr.StringLiteral) argument).value())
                        .toList();
        return (a, b) -> {
            for (String name : names) {
                int order =
                        NaturalOrder.compare(a.labels().valueOf(name), b.labels().valueOf(name));
                if (order != 0) {
                    return order;
                }
            }
            Labels left = a.labels();
            return left.compareTo(b.labels());
        };
    }
}
