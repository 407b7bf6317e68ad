package dev.muster.query.promql;

import dev.muster.model.sample.SampleColumns;
import java.util.Arrays;

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

    /// Indexes of samples that are below the one before them, ascending.
    private int[] resets = new int[16];

    private int resetCount;

    Rate(boolean counter, boolean perSecond, Expr.Extension extension) {
        this.counter = counter;
        this.perSecond = perSecond;
        this.extension = extension;
    }

    @Override
    public void begin(SampleColumns samples) {
        resetCount = 0;
        if (!counter) {
            return;
        }
        double[] values = samples.values();
        for (int i = 1; i < samples.size(); i++) {
            if (values[i] < values[i - 1]) {
                if (resetCount == resets.length) {
                    resets = Arrays.copyOf(resets, 2 * resetCount);
                }
                resets[resetCount++] = i;
            }
        }
    }

    @Override
    public double over(Window window) {
        return extension == Expr.Extension.NONE ? extrapolated(window) : extended(window);
    }

    private double extrapolated(Window window) {
        int from = window.from();
        int last = window.to() - 1;
        if (from == last) {
            return window.none();
        }
        double[] values = window.values();
        double result = values[last] - values[from];
        if (counter && resetCount > 0) {
            result = addResets(values, from, last, result);
        }
        long firstMs = window.times()[from];
        long lastMs = window.times()[last];
        double interval = (lastMs - firstMs) / 1000.0;
        double distance = interval / (last - from);
        double limit = distance * EXTRAPOLATION_LIMIT;
        double toStart = (firstMs - window.startMs()) / 1000.0;
        double toEnd = (window.endMs() - lastMs) / 1000.0;
        if (toStart >= limit) {
            toStart = distance / 2;
        }
        if (counter && result > 0 && values[from] >= 0) {
            // A counter starts at zero: do not extrapolate to before that.
            toStart = Math.min(toStart, interval * (values[from] / result));
        }
        if (toEnd >= limit) {
            toEnd = distance / 2;
        }
        double factor = (interval + toStart + toEnd) / interval;
        if (perSecond) {
            factor /= window.rangeSeconds();
        }
        return result * factor;
    }

    /// Adds the values before each reset in `(from, last]`.
    private double addResets(double[] values, int from, int last, double result) {
        int at = Arrays.binarySearch(resets, 0, resetCount, from + 1);
        double sum = result;
        for (int i = at < 0 ? -at - 1 : at; i < resetCount && resets[i] <= last; i++) {
            sum += values[resets[i] - 1];
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
    private static int firstFrom(long[] times, int from, int last, long timeMs) {
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
