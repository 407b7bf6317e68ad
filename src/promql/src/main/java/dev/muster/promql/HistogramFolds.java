package dev.muster.promql;

import dev.muster.promql.histogram.HistogramFold;

/// Sums and means of the histograms of a window.
final class HistogramFolds {
    private HistogramFolds() {}

    /// The value of `sum_over_time` or `avg_over_time` for a window with histograms.
    static double overTime(Window window, HistogramFold fold) {
        if (window.isMixed()) {
            window.remarks().mixedTypes();
            return window.none();
        }
        fold.reset(Smoothing.histogram(window.samples(), window.from()));
        for (int i = window.from() + 1; i < window.to(); i++) {
            var histogram = Smoothing.histogram(window.samples(), i);
            if (!fold.takes(histogram)) {
                window.remarks().mixedSchemas();
                return window.none();
            }
            fold.add(histogram);
        }
        if (fold.conflictingResets()) {
            window.remarks().conflictingResets();
        }
        if (fold.reconciledBounds()) {
            window.remarks().reconciledBounds("aggregation");
        }
        return window.histogram(fold.result());
    }
}
