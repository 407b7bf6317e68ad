package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.promql.histogram.CounterResets;
import dev.muster.promql.histogram.HistogramMean;
import dev.muster.promql.histogram.HistogramSum;
import dev.muster.promql.histogram.Histograms;
import dev.muster.promql.numeric.KahanSum;

/// The functions over a window of samples. Each call makes a new object, for one thread.
final class RangeFunctions {
    private RangeFunctions() {}

    /// @param extension of the selector that the function is applied to
    static RangeFunction of(Function function, Expr.Extension extension) {
        return switch (function) {
            case RATE -> new Rate(true, true, extension);
            case INCREASE -> new Rate(true, false, extension);
            case DELTA -> new Rate(false, false, extension);
            case IRATE -> new InstantRate(true);
            case IDELTA -> new InstantRate(false);
            case CHANGES -> new Changes(false, extension);
            case RESETS -> new Changes(true, extension);
            case DERIV -> new Regression(false);
            case PREDICT_LINEAR -> new Regression(true);
            case DOUBLE_EXPONENTIAL_SMOOTHING -> new ExponentialSmoothing();
            case QUANTILE_OVER_TIME -> new Quantiles(false);
            case MAD_OVER_TIME -> new Quantiles(true);
            default -> overTime(function);
        };
    }

    private static RangeFunction overTime(Function function) {
        return switch (function) {
            case SUM_OVER_TIME -> new Sum();
            case AVG_OVER_TIME -> new Average();
            case STDVAR_OVER_TIME -> new Variance(false);
            case STDDEV_OVER_TIME -> new Variance(true);
            case MIN_OVER_TIME -> new SlidingExtreme(false, false);
            case MAX_OVER_TIME -> new SlidingExtreme(true, false);
            case TS_OF_MIN_OVER_TIME -> new SlidingExtreme(false, true);
            case TS_OF_MAX_OVER_TIME -> new SlidingExtreme(true, true);
            case COUNT_OVER_TIME -> Window::size;
            case FIRST_OVER_TIME -> window -> window.sample(window.from());
            case LAST_OVER_TIME -> window -> window.sample(window.to() - 1);
            case PRESENT_OVER_TIME, ABSENT_OVER_TIME -> _ -> 1;
            case TS_OF_FIRST_OVER_TIME -> window -> seconds(window, window.from());
            case TS_OF_LAST_OVER_TIME -> window -> seconds(window, window.to() - 1);
            default ->
                    throw new IllegalStateException(
                            "not a function of a range vector: function=" + function.text());
        };
    }

    private static double seconds(Window window, int index) {
        return window.times()[index] / 1000.0;
    }

    /// Do windows have so much in common that sums of what is before them pay?
    private static boolean overlaps(WindowBounds windows, SampleColumns samples) {
        return windows.samples() > 8L * samples.size();
    }

    /// A function of numbers only.
    private interface NumberFunction extends RangeFunction {
        @Override
        default boolean ignoresHistograms() {
            return true;
        }
    }

    private static final class ExponentialSmoothing implements NumberFunction {
        @Override
        public double over(Window window) throws QueryException {
            double smoothing = window.argument(0);
            double trend = window.argument(1);
            if (smoothing <= 0 || smoothing >= 1) {
                throw QueryException.execution(
                        String.format(
                                "invalid smoothing factor. Expected: 0 < sf < 1, got: %f",
                                smoothing));
            }
            if (trend <= 0 || trend >= 1) {
                throw QueryException.execution(
                        String.format(
                                "invalid trend factor. Expected: 0 < tf < 1, got: %f", trend));
            }
            if (window.size() < 2) {
                return window.none();
            }
            double[] values = window.values();
            int from = window.from();
            double before = 0;
            double smooth = values[from];
            double slope = values[from + 1] - values[from];
            for (int i = from + 1; i < window.to(); i++) {
                if (i > from + 1) {
                    slope = trend * (smooth - before) + (1 - trend) * slope;
                }
                double next = smoothing * values[i] + (1 - smoothing) * (smooth + slope);
                before = smooth;
                smooth = next;
            }
            return smooth;
        }
    }

    private static final class Sum implements RangeFunction {
        private final KahanSum sum = new KahanSum();
        private final HistogramSum histograms = new HistogramSum();
        private final PrefixSums prefixes = new PrefixSums();

        @Override
        public boolean roll(WindowBounds windows, SampleColumns samples, StepColumn into) {
            boolean sums = overlaps(windows, samples) && prefixes.of(samples);
            double[] values = samples.values();
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (from < to) {
                    into.set(
                            step,
                            sums && prefixes.between(from, to)
                                    ? prefixes.sum()
                                    : total(values, from, to));
                }
            }
            return true;
        }

        @Override
        public double over(Window window) {
            if (window.hasHistograms()) {
                return HistogramFolds.overTime(window, histograms);
            }
            return total(window.values(), window.from(), window.to());
        }

        private double total(double[] values, int from, int to) {
            sum.reset(0);
            for (int i = from; i < to; i++) {
                sum.add(values[i]);
            }
            return Double.isInfinite(sum.sum()) ? sum.sum() : sum.total();
        }
    }

    private static final class Average implements RangeFunction {
        private final Mean mean = new Mean();
        private final HistogramMean histograms = new HistogramMean();
        private final PrefixSums prefixes = new PrefixSums();

        @Override
        public boolean roll(WindowBounds windows, SampleColumns samples, StepColumn into) {
            boolean sums = overlaps(windows, samples) && prefixes.of(samples);
            double[] values = samples.values();
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (from < to) {
                    double count = to - from;
                    into.set(
                            step,
                            sums && prefixes.between(from, to)
                                    ? prefixes.sum() / count + prefixes.rest() / count
                                    : mean(values, from, to));
                }
            }
            return true;
        }

        @Override
        public double over(Window window) {
            if (window.hasHistograms()) {
                return HistogramFolds.overTime(window, histograms);
            }
            return mean(window.values(), window.from(), window.to());
        }

        private double mean(double[] values, int from, int to) {
            mean.reset(values[from]);
            for (int i = from + 1; i < to; i++) {
                mean.add(values[i]);
            }
            return mean.value();
        }
    }

    private static final class Variance implements NumberFunction {
        private final boolean root;
        private final KahanSum mean = new KahanSum();
        private final KahanSum squares = new KahanSum();

        Variance(boolean root) {
            this.root = root;
        }

        @Override
        public double over(Window window) {
            double[] values = window.values();
            mean.reset(0);
            squares.reset(0);
            double count = 0;
            for (int i = window.from(); i < window.to(); i++) {
                count++;
                double delta = values[i] - mean.total();
                mean.add(delta / count);
                squares.add(delta * (values[i] - mean.total()));
            }
            double variance = squares.total() / count;
            return root ? Math.sqrt(variance) : variance;
        }
    }

    /// `changes` and `resets`: counts up to each sample, made once a series, so that a window is
    /// one subtraction.
    private static final class Changes implements RangeFunction {
        private final boolean resets;
        private final Expr.Extension extension;
        private int[] counts = new int[128];

        Changes(boolean resets, Expr.Extension extension) {
            this.resets = resets;
            this.extension = extension;
        }

        @Override
        public void begin(SampleColumns samples) {
            int size = samples.size();
            if (counts.length < size) {
                counts = new int[Math.max(size, 2 * counts.length)];
            }
            counts[0] = 0;
            for (int i = 1; i < size; i++) {
                counts[i] = counts[i - 1] + (differs(samples, i) ? 1 : 0);
            }
        }

        /// Is sample `index` counted against the one before it?
        private boolean differs(SampleColumns samples, int index) {
            NativeHistogram before = samples.histogram(index - 1);
            NativeHistogram now = samples.histogram(index);
            if (before == null && now == null) {
                double[] values = samples.values();
                return differs(values[index - 1], values[index])
                        || (resets && StartTimes.isReset(samples, index));
            }
            if (before == null || now == null) {
                return true;
            }
            return resets
                    ? CounterResets.isReset(now, before) || StartTimes.isReset(samples, index)
                    : !Histograms.same(now, before);
        }

        private boolean differs(double before, double value) {
            return resets
                    ? value < before
                    : value != before && !(Double.isNaN(value) && Double.isNaN(before));
        }

        @Override
        public double over(Window window) {
            int first = window.from();
            int last = window.to() - 1;
            if (extension == Expr.Extension.ANCHORED) {
                if (window.times()[last] <= window.startMs()) {
                    return window.none();
                }
                first = Rate.lastUpTo(window.times(), first, window.to(), window.startMs());
            }
            return counts[last] - counts[first];
        }
    }

    /// `deriv` and `predict_linear`: a straight line by least squares.
    private static final class Regression implements NumberFunction {
        private final boolean predicts;
        private final KahanSum sumX = new KahanSum();
        private final KahanSum sumY = new KahanSum();
        private final KahanSum sumXy = new KahanSum();
        private final KahanSum sumX2 = new KahanSum();

        Regression(boolean predicts) {
            this.predicts = predicts;
        }

        @Override
        public double over(Window window) {
            if (window.size() < 2) {
                return window.none();
            }
            long interceptMs = predicts ? window.stepMs() : window.times()[window.from()];
            double first = window.first();
            if (!sum(window, interceptMs)) {
                if (Double.isInfinite(first)) {
                    return Numbers.NAN;
                }
                return predicts ? first : 0;
            }
            double n = window.size();
            double x = sumX.total();
            double y = sumY.total();
            double slope = (sumXy.total() - x * y / n) / (sumX2.total() - x * x / n);
            double intercept = y / n - slope * x / n;
            return predicts ? slope * window.argument(0) + intercept : slope;
        }

        /// @return whether the values differ
        private boolean sum(Window window, long interceptMs) {
            sumX.reset(0);
            sumY.reset(0);
            sumXy.reset(0);
            sumX2.reset(0);
            double[] values = window.values();
            double first = window.first();
            boolean differ = false;
            for (int i = window.from(); i < window.to(); i++) {
                differ |= i > window.from() && values[i] != first;
                double x = (window.times()[i] - interceptMs) / 1e3;
                sumX.add(x);
                sumY.add(values[i]);
                sumXy.add(x * values[i]);
                sumX2.add(x * x);
            }
            return differ;
        }
    }

    /// `quantile_over_time`, and `mad_over_time`: the median of distances to the median.
    private static final class Quantiles implements NumberFunction {
        private final boolean mad;
        private final SortedWindow sliding = new SortedWindow();
        private double[] sorted = new double[16];

        @Override
        public void begin(SampleColumns samples) {
            sliding.clear();
        }

        Quantiles(boolean mad) {
            this.mad = mad;
        }

        @Override
        public double over(Window window) {
            int size = window.size();
            if (!mad && sliding.move(window.values(), window.from(), window.to())) {
                return Quantile.ofSorted(window.argument(0), sliding.sorted(), size);
            }
            if (sorted.length < size) {
                sorted = new double[2 * size];
            }
            System.arraycopy(window.values(), window.from(), sorted, 0, size);
            if (!mad) {
                return Quantile.of(window.argument(0), sorted, size);
            }
            for (int i = 0; i < size; i++) {
                if (Double.isNaN(sorted[i])) {
                    return Numbers.NAN;
                }
            }
            double median = Quantile.of(0.5, sorted, size);
            for (int i = 0; i < size; i++) {
                sorted[i] = Math.abs(sorted[i] - median);
            }
            return Quantile.of(0.5, sorted, size);
        }
    }
}
