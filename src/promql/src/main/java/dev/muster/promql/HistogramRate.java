package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.promql.histogram.CounterResets;
import dev.muster.promql.histogram.HistogramSum;
import org.jspecify.annotations.Nullable;

/// `rate`, `increase` and `delta` of native histograms: what [Rate] does, bucket by bucket. The
/// count of observations says how far to extrapolate.
final class HistogramRate {
    private final boolean counter;
    private final boolean perSecond;
    private final Expr.Extension extension;
    private final HistogramSum sum = new HistogramSum();

    HistogramRate(boolean counter, boolean perSecond, Expr.Extension extension) {
        this.counter = counter;
        this.perSecond = perSecond;
        this.extension = extension;
    }

    /// The value for a window with a histogram.
    double over(Window window) {
        if (window.isMixed()) {
            window.remarks().mixedTypes();
            return window.none();
        }
        return extension == Expr.Extension.NONE ? extrapolated(window) : extended(window);
    }

    private double extrapolated(Window window) {
        int from = window.from();
        int last = window.to() - 1;
        long bornMs = counter ? Rate.bornMs(window) : 0;
        if (from == last && bornMs == 0) {
            return window.none();
        }
        remarkTypes(window, from, last);
        if (!difference(window, bornMs != 0)) {
            window.remarks().mixedSchemas();
            return window.none();
        }
        if (sum.reconciledBounds()) {
            window.remarks().reconciledBounds("subtraction");
        }
        NativeHistogram difference = sum.result();
        double count = Smoothing.histogram(window.samples(), from).count();
        boolean bounded = bornMs == 0 && counter && difference.count() > 0 && count >= 0;
        double share = bounded ? count / difference.count() : Double.POSITIVE_INFINITY;
        sum.scale(Rate.factor(window, perSecond, bornMs, share));
        return window.histogram(sum.result().withCounterReset(CounterReset.GAUGE));
    }

    private void remarkTypes(Window window, int first, int last) {
        SampleColumns samples = window.samples();
        if (!counter) {
            if (!isGauge(samples, first) || !isGauge(samples, last)) {
                window.remarks().notGauge();
            }
            return;
        }
        for (int i = first; i <= last; i++) {
            if (isGauge(samples, i)) {
                window.remarks().notCounter();
                return;
            }
        }
    }

    private static boolean isGauge(SampleColumns samples, int index) {
        return Smoothing.histogram(samples, index).counterReset() == CounterReset.GAUGE;
    }

    /// Puts what was counted in the window into the sum.
    ///
    /// @param whole whether the first sample counts from zero
    /// @return whether all buckets could be added
    private boolean difference(Window window, boolean whole) {
        SampleColumns samples = window.samples();
        int from = window.from();
        int last = window.to() - 1;
        sum.reset(Smoothing.histogram(samples, last));
        NativeHistogram first = Smoothing.histogram(samples, from);
        // Nothing of a first sample before a reset is looked at, not even its buckets.
        boolean ignored = counter && !whole && from < last && isReset(samples, from + 1);
        if (!whole && !ignored) {
            if (!sum.takes(first)) {
                return false;
            }
            sum.coarsen(first.schema());
            sum.add(first, -1);
        }
        for (int i = ignored ? from + 1 : from; counter && i < last; i++) {
            NativeHistogram histogram = Smoothing.histogram(samples, i);
            if (!sum.takes(histogram)) {
                return false;
            }
            sum.coarsen(histogram.schema());
            if (isReset(samples, i + 1)) {
                sum.add(histogram, 1);
            }
        }
        return true;
    }

    private static boolean isReset(SampleColumns samples, int index) {
        return CounterResets.isReset(
                        Smoothing.histogram(samples, index),
                        Smoothing.histogram(samples, index - 1))
                || StartTimes.isReset(samples, index);
    }

    // Anchored and smoothed windows.

    private double extended(Window window) {
        long[] times = window.times();
        boolean smoothed = extension == Expr.Extension.SMOOTHED;
        int first = Rate.lastUpTo(times, window.from(), window.to(), window.startMs());
        int last = window.to() - 1;
        if (smoothed) {
            last = Rate.firstFrom(times, window.from(), last, window.endMs());
        }
        if (times[last] <= window.startMs()) {
            return window.none();
        }
        remarkTypes(window, first, last);
        boolean leftBetween = smoothed && times[first] < window.startMs();
        boolean rightBetween = smoothed && last > window.from() && times[last] > window.endMs();
        NativeHistogram left = border(window, leftBetween, first, window.startMs());
        NativeHistogram right =
                border(window, rightBetween, rightBetween ? last - 1 : last, window.endMs());
        if (left == null || right == null) {
            return window.none();
        }
        sum.reset(right);
        if (!subtract(left)
                || (counter
                        && !correct(window, first, last, left, right, leftBetween, rightBetween))) {
            window.remarks().mixedSchemas();
            return window.none();
        }
        if (perSecond) {
            sum.scale(1 / window.rangeSeconds());
        }
        return window.histogram(sum.result().withCounterReset(CounterReset.GAUGE));
    }

    /// @return null if it would lie between buckets that cannot be added, which is remarked
    private @Nullable NativeHistogram border(
            Window window, boolean between, int index, long timeMs) {
        return between
                ? Smoothing.interpolate(window.samples(), index, timeMs, counter, window.remarks())
                : Smoothing.histogram(window.samples(), index);
    }

    private boolean subtract(NativeHistogram left) {
        if (!sum.takes(left)) {
            return false;
        }
        sum.add(left, -1);
        return true;
    }

    /// Adds what was counted before each reset between the borders. A border between two samples
    /// has the reset between them in it, and a border that is a sample is not compared with itself.
    private boolean correct(
            Window window,
            int first,
            int last,
            NativeHistogram left,
            NativeHistogram right,
            boolean leftBetween,
            boolean rightBetween) {
        SampleColumns samples = window.samples();
        long[] times = window.times();
        int inFirst = times[first] <= window.startMs() ? first + 1 : first;
        int inLast = times[last] >= window.endMs() ? last - 1 : last;
        NativeHistogram before = left;
        for (int i = inFirst; i <= inLast; i++) {
            NativeHistogram histogram = Smoothing.histogram(samples, i);
            boolean known = i == first || (leftBetween && i == first + 1);
            if (!known && !addIfReset(histogram, before)) {
                return false;
            }
            before = histogram;
        }
        boolean known =
                (!rightBetween && inLast == last)
                        || (!leftBetween && !rightBetween && first == last)
                        || (leftBetween && last == first + 1);
        return known || addIfReset(right, before);
    }

    /// @return whether the buckets could be added
    private boolean addIfReset(NativeHistogram histogram, NativeHistogram before) {
        if (!CounterResets.isReset(histogram, before)) {
            return true;
        }
        if (!sum.takes(before)) {
            return false;
        }
        sum.add(before, 1);
        return true;
    }
}
