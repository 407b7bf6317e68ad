package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.HistogramEstimates;
import java.io.IOException;
import java.util.function.ToDoubleFunction;

/// Evaluates the functions that make a number of each native histogram. Numbers have no value.
final class HistogramFunctions {
    private HistogramFunctions() {}

    static ToDoubleFunction<NativeHistogram> of(Function function) {
        return switch (function) {
            case HISTOGRAM_COUNT -> NativeHistogram::count;
            case HISTOGRAM_SUM -> NativeHistogram::sum;
            case HISTOGRAM_AVG -> histogram -> histogram.sum() / histogram.count();
            case HISTOGRAM_STDVAR -> HistogramEstimates::variance;
            case HISTOGRAM_STDDEV -> histogram -> Math.sqrt(HistogramEstimates.variance(histogram));
            default ->
                    throw new IllegalStateException(
                            "not a function of histograms: function=" + function.text());
        };
    }

    static <L> L gather(Evaluation evaluation, Expr.Call call, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        ToDoubleFunction<NativeHistogram> function = of(call.function());
        Gather.Stage stage =
                next -> {
                    StepColumn result = new StepColumn(steps.count());
                    return (labels, _, column) -> {
                        result.clear();
                        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                            NativeHistogram histogram = column.histogram(i);
                            if (histogram != null) {
                                result.set(i, function.applyAsDouble(histogram));
                            }
                        }
                        if (!result.isEmpty()) {
                            next.accept(labels, true, result);
                        }
                    };
                };
        return evaluation.gather(call.arguments().getFirst(), steps, gather.after(stage));
    }
}
