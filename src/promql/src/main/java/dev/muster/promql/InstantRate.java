package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.CounterResets;
import dev.muster.promql.histogram.HistogramSum;
import dev.muster.promql.histogram.Histograms;

/// `irate` and `idelta`: from the last two samples.
final class InstantRate implements RangeFunction {
    private final boolean rate;
    private final HistogramSum sum = new HistogramSum();

    InstantRate(boolean rate) {
        this.rate = rate;
    }

    @Override
    public double over(Window window) {
        if (window.size() < 2) {
            return window.none();
        }
        int last = window.to() - 1;
        double seconds = (window.times()[last] - window.times()[last - 1]) / 1000.0;
        NativeHistogram now = window.samples().histogram(last);
        NativeHistogram before = window.samples().histogram(last - 1);
        if (now != null && before != null) {
            return histograms(window, now, before, seconds);
        }
        if (now != null || before != null) {
            window.remarks().mixedTypes();
            return window.none();
        }
        double value = window.values()[last];
        double valueBefore = window.values()[last - 1];
        boolean reset = rate && (value < valueBefore || StartTimes.isReset(window.samples(), last));
        double difference = reset ? value : value - valueBefore;
        return rate ? difference / seconds : difference;
    }

    private double histograms(
            Window window, NativeHistogram now, NativeHistogram before, double seconds) {
        boolean gauges =
                now.counterReset() == CounterReset.GAUGE
                        || before.counterReset() == CounterReset.GAUGE;
        boolean counters =
                now.counterReset() != CounterReset.GAUGE
                        || before.counterReset() != CounterReset.GAUGE;
        if (rate && gauges) {
            window.remarks().notCounter();
        } else if (!rate && counters) {
            window.remarks().notGauge();
        }
        sum.reset(now);
        boolean reset =
                rate
                        && (CounterResets.isReset(now, before)
                                || StartTimes.isReset(window.samples(), window.to() - 1));
        if (!reset) {
            if (!sum.takes(before)) {
                window.remarks().mixedSchemas();
                return window.none();
            }
            sum.add(before, -1);
            if (sum.reconciledBounds()) {
                window.remarks().reconciledBounds("subtraction");
            }
        }
        NativeHistogram difference = sum.result().withCounterReset(CounterReset.GAUGE);
        return window.histogram(rate ? Histograms.divided(difference, seconds) : difference);
    }
}
