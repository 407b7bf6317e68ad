package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// `rate`, `increase` and `delta`, with Prometheus' extrapolation to the borders of the window, and
/// their anchored and smoothed forms.
///
/// The resets of a counter are found once for each series; a window then looks at those that lie in
/// it.
final class Rate implements RangeFunction {
    /// Samples further apart than this many average distances from the border are not extrapolated
    /// to it.
    private static final double EXTRAPOLATION_LIMIT = 1.1;

    private final boolean counter;
    private final boolean perSecond;
    private final Expr.Extension extension;

    private final HistogramRate histograms;

    /// Samples before which the counter was reset: they are below the one before them, or their
    /// start time says so.
    private final IndexList resets = new IndexList();

    /// Samples whose start time contradicts the sample before them.
    private final IndexList overlaps = new IndexList();

    Rate(boolean counter, boolean perSecond, Expr.Extension extension) {
        this.counter = counter;
        this.perSecond = perSecond;
        this.extension = extension;
        histograms = new HistogramRate(counter, perSecond, extension);
    }

    @Override
    public void begin(SampleColumns samples) {
        resets.clear();
        overlaps.clear();
        if (!counter) {
            return;
        }
        double[] values = samples.values();
        for (int i = 1; i < samples.size(); i++) {
            if (values[i] < values[i - 1]) {
                resets.add(i);
            }
        }
        if (samples.hasStarts()) {
            beginWithStarts(samples);
        }
    }

    private void beginWithStarts(SampleColumns samples) {
        resets.clear();
        double[] values = samples.values();
        for (int i = 1; i < samples.size(); i++) {
            if (values[i] < values[i - 1] || StartTimes.isReset(samples, i)) {
                resets.add(i);
            }
            if (StartTimes.overlaps(samples, i)) {
                overlaps.add(i);
            }
        }
    }

    @Override
    public boolean roll(WindowBounds windows, SampleColumns samples, StepColumn into) {
        if (samples.hasStarts()) {
            return false;
        }
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        boolean corrects = counter && !resets.isEmpty();
        double rangeSeconds = windows.rangeMs() / 1000.0;
        for (int step = 0; step < windows.steps(); step++) {
            int from = windows.from(step);
            int last = windows.to(step) - 1;
            if (last <= from) {
                continue;
            }
            double result = values[last] - values[from];
            if (corrects) {
                result = addResets(values, from, last, result);
            }
            double share =
                    counter && result > 0 && values[from] >= 0
                            ? values[from] / result
                            : Double.POSITIVE_INFINITY;
            long endMs = windows.endMs(step);
            double interval = (times[last] - times[from]) / 1000.0;
            double factor =
                    factor(
                            interval / (last - from),
                            interval,
                            (times[from] - (endMs - windows.rangeMs())) / 1000.0,
                            (endMs - times[last]) / 1000.0,
                            share);
            into.set(step, result * (perSecond ? factor / rangeSeconds : factor));
        }
        return true;
    }

    @Override
    public double over(Window window) {
        if (!overlaps.isEmpty() && overlaps.anyWithin(window.from() + 1, window.to() - 1)) {
            window.remarks().overlappingStarts();
        }
        if (window.hasHistograms()) {
            return histograms.over(window);
        }
        return extension == Expr.Extension.NONE ? extrapolated(window) : extended(window);
    }

    private double extrapolated(Window window) {
        int from = window.from();
        int last = window.to() - 1;
        long bornMs = counter ? bornMs(window) : 0;
        if (from == last && bornMs == 0) {
            return window.none();
        }
        double[] values = window.values();
        double result = values[last] - values[from];
        if (counter && !resets.isEmpty()) {
            result = addResets(values, from, last, result);
        }
        if (bornMs != 0) {
            return (result + values[from]) * factor(window, perSecond, bornMs, 0);
        }
        // A counter starts at zero: do not extrapolate to before that.
        double share =
                counter && result > 0 && values[from] >= 0
                        ? values[from] / result
                        : Double.POSITIVE_INFINITY;
        return result * factor(window, perSecond, 0, share);
    }

    /// When the first sample of the window began to count, if that is in the window; else 0.
    static long bornMs(Window window) {
        SampleColumns samples = window.samples();
        long startMs = samples.hasStarts() ? StartTimes.known(samples, window.from()) : 0;
        return startMs > window.startMs() ? startMs : 0;
    }

    /// What the increase between the samples of a window is multiplied with, so that it becomes
    /// that of the whole window.
    ///
    /// @param bornMs when the counter was zero before the first sample; 0 if that is not known
    /// @param zeroShare how far before the first sample the counter would have been zero, as a
    ///   share of the time between the samples
    static double factor(Window window, boolean perSecond, long bornMs, double zeroShare) {
        int steps = window.size() - 1;
        long firstMs = window.times()[window.from()];
        long lastMs = window.times()[window.to() - 1];
        double distance = steps == 0 ? 0 : (lastMs - firstMs) / 1000.0 / steps;
        double interval = (lastMs - (bornMs == 0 ? firstMs : bornMs)) / 1000.0;
        double toStart = bornMs == 0 ? (firstMs - window.startMs()) / 1000.0 : 0;
        double toEnd = (window.endMs() - lastMs) / 1000.0;
        double factor = factor(distance, interval, toStart, toEnd, zeroShare);
        return perSecond ? factor / window.rangeSeconds() : factor;
    }

    /// @param distance average distance of two samples in seconds
    /// @param interval between the first and the last
    /// @param toStart from the start of the window to the first
    /// @param toEnd from the last to the end of the window
    private static double factor(
            double distance, double interval, double toStart, double toEnd, double zeroShare) {
        double limit = distance * EXTRAPOLATION_LIMIT;
        double before = toStart >= limit ? distance / 2 : toStart;
        if (zeroShare < Double.POSITIVE_INFINITY) {
            before = Math.min(before, interval * zeroShare);
        }
        double after = toEnd >= limit ? distance / 2 : toEnd;
        return (interval + before + after) / interval;
    }

    /// Adds the values before each reset in `(from, last]`.
    private double addResets(double[] values, int from, int last, double result) {
        double sum = result;
        for (int i = resets.firstFrom(from + 1); i < resets.size() && resets.at(i) <= last; i++) {
            sum += values[resets.at(i) - 1];
        }
        return sum;
    }

    private double extended(Window window) {
        SampleColumns samples = window.samples();
        long[] times = window.times();
        double[] values = window.values();
        long startMs = window.startMs();
        long endMs = window.endMs();
        boolean smoothed = extension == Expr.Extension.SMOOTHED;
        int first = lastUpTo(times, window.from(), window.to(), startMs);
        int last = window.to() - 1;
        if (smoothed) {
            last = firstFrom(times, window.from(), last, endMs);
        }
        if (times[last] <= startMs) {
            return window.none();
        }
        double left =
                smoothed && times[first] < startMs
                        ? interpolate(samples, first, startMs, counter)
                        : values[first];
        double right =
                smoothed && last > window.from() && times[last] > endMs
                        ? interpolate(samples, last - 1, endMs, counter)
                        : values[last];
        double result = right - left;
        if (counter) {
            int inFirst = times[first] <= startMs ? first + 1 : first;
            int inLast = times[last] >= endMs ? last - 1 : last;
            result += correction(values, inFirst, inLast, left, right);
        }
        return perSecond ? result / window.rangeSeconds() : result;
    }

    private static double correction(
            double[] values, int first, int last, double left, double right) {
        double correction = 0;
        double before = left;
        for (int i = first; i <= last; i++) {
            if (values[i] < before) {
                correction += before;
            }
            before = values[i];
        }
        return right < before ? correction + before : correction;
    }

    /// Index of the last of `from..to-1` that is not after `timeMs`; `from` if all are.
    static int lastUpTo(long[] times, int from, int to, long timeMs) {
        int at = from;
        while (at + 1 < to && times[at + 1] <= timeMs) {
            at++;
        }
        return at;
    }

    /// Index of the first of `from..last` that is not before `timeMs`; `last` if all are.
    static int firstFrom(long[] times, int from, int last, long timeMs) {
        int at = last;
        while (at > from && times[at - 1] >= timeMs) {
            at--;
        }
        return at;
    }

    /// The value at a time between sample `index` and the next one, on a straight line; after a
    /// reset of a counter the line starts at zero.
    static double interpolate(SampleColumns samples, int index, long timeMs, boolean counter) {
        long[] times = samples.timestampsMs();
        double y1 = samples.values()[index];
        double y2 = samples.values()[index + 1];
        if (counter && y2 < y1) {
            y1 = 0;
        }
        return y1
                + (y2 - y1)
                        * (double) (timeMs - times[index])
                        / (double) (times[index + 1] - times[index]);
    }
}
