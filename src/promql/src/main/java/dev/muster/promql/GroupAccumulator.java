package dev.muster.promql;

import dev.muster.promql.numeric.KahanSum;
import dev.muster.promql.part.PartSeries;

/// The value of one group at every step, from series that are added one after another, and from
/// other accumulators of the same group. Confined to one thread.
///
/// Its state is some columns of numbers, those that [PartSeries] describes.
abstract sealed class GroupAccumulator {
    final int steps;

    /// One bit a step.
    final long[] present;

    /// Column after column.
    final double[] state;

    private GroupAccumulator(int steps, int columns) {
        this.steps = steps;
        present = new long[(steps + 63) >> 6];
        state = new double[columns * steps];
    }

    static GroupAccumulator of(Aggregator operator, int steps) {
        return switch (operator) {
            case SUM -> new Sum(steps);
            case AVG -> new Average(steps);
            case COUNT, COUNT_VALUES -> new Count(steps, false);
            case GROUP -> new Count(steps, true);
            case MIN -> new Extreme(steps, false);
            case MAX -> new Extreme(steps, true);
            case STDDEV -> new Variance(steps, true);
            case STDVAR -> new Variance(steps, false);
            case TOPK, BOTTOMK, QUANTILE, LIMITK, LIMIT_RATIO ->
                    throw new IllegalStateException(
                            "not an aggregation of single values: operator=" + operator.text());
        };
    }

    /// How many numbers the state of a step has.
    static int columns(Aggregator operator) {
        return switch (operator) {
            case SUM -> 2;
            case AVG -> 3;
            case STDDEV, STDVAR -> 5;
            case COUNT,
                    COUNT_VALUES,
                    GROUP,
                    MIN,
                    MAX,
                    TOPK,
                    BOTTOMK,
                    QUANTILE,
                    LIMITK,
                    LIMIT_RATIO ->
                    1;
        };
    }

    /// The first value of a step.
    abstract void begin(int step, double value);

    /// One more value of a step.
    abstract void add(int step, double value);

    /// The state of the same step in another accumulator.
    ///
    /// @param theirs column after column
    /// @param at where the step is in the first column
    /// @param stride length of a column
    abstract void merge(int step, double[] theirs, int at, int stride);

    /// The value of a step that has one.
    abstract double value(int step);

    final boolean has(int step) {
        return (present[step >> 6] & (1L << step)) != 0;
    }

    /// The first or one more value of a step.
    final void addAt(int step, double value) {
        if (has(step)) {
            add(step, value);
        } else {
            present[step >> 6] |= 1L << step;
            begin(step, value);
        }
    }

    /// Adds the values of a series.
    void add(StepColumn column) {
        double[] values = column.values();
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            addAt(i, values[i]);
        }
    }

    /// Takes in another accumulator of the same kind and steps.
    final void merge(GroupAccumulator other) {
        for (int word = 0; word < present.length; word++) {
            long bits = other.present[word];
            while (bits != 0) {
                merge((word << 6) + Long.numberOfTrailingZeros(bits), other);
                bits &= bits - 1;
            }
        }
    }

    private void merge(int step, GroupAccumulator other) {
        if (has(step)) {
            merge(step, other.state, step, other.steps);
            return;
        }
        present[step >> 6] |= 1L << step;
        for (int i = step; i < state.length; i += steps) {
            state[i] = other.state[i];
        }
    }

    /// Takes in the state that a part has sent.
    ///
    /// @param offset the step at which that begins
    /// @param scratch room for the state of one step
    final void merge(PartSeries series, int offset, double[] scratch) {
        for (int i = series.next(0); i >= 0; i = series.next(i + 1)) {
            int step = offset + i;
            for (int c = 0; c < series.columns(); c++) {
                scratch[c] = series.column(c)[i];
            }
            if (has(step)) {
                merge(step, scratch, 0, 1);
            } else {
                present[step >> 6] |= 1L << step;
                for (int c = 0; c < series.columns(); c++) {
                    state[c * steps + step] = scratch[c];
                }
            }
        }
    }

    /// Writes the state out for others.
    final void state(PartSeries into) {
        for (int c = 0; c < into.columns(); c++) {
            System.arraycopy(state, c * steps, into.column(c), 0, steps);
        }
        for (int i = 0; i < steps; i++) {
            if (has(i)) {
                into.mark(i);
            }
        }
    }

    /// Writes the values of the group.
    final void finish(StepColumn into) {
        for (int word = 0; word < present.length; word++) {
            long bits = present[word];
            while (bits != 0) {
                int step = (word << 6) + Long.numberOfTrailingZeros(bits);
                into.set(step, value(step));
                bits &= bits - 1;
            }
        }
    }

    /// What it holds on to.
    final long sizeBytes() {
        return 80 + 8L * (state.length + present.length);
    }

    /// Compensated sums.
    static final class Sum extends GroupAccumulator {
        Sum(int steps) {
            super(steps, 2);
        }

        @Override
        void begin(int step, double value) {
            state[step] = value;
        }

        @Override
        void add(int step, double value) {
            double sum = state[step];
            double next = sum + value;
            state[steps + step] = KahanSum.compensate(value, sum, state[steps + step], next);
            state[step] = next;
        }

        @Override
        void add(StepColumn column) {
            long[] theirs = column.present();
            double[] values = column.values();
            for (int word = 0; word < present.length; word++) {
                if ((theirs[word] & present[word]) == -1L) {
                    addAll(values, word << 6);
                } else {
                    addSome(values, word, theirs[word]);
                }
            }
        }

        /// Sixty-four steps that all have a sum and a value, in a loop without branches. What is
        /// lost is computed as by Knuth [1], which is exactly what [KahanSum] computes, but for
        /// infinite sums, of which NaN is lost: [#value] sees to that.
        ///
        /// [1] D. Knuth, The Art of Computer Programming, volume 2, 4.2.2, theorem B
        private void addAll(double[] values, int from) {
            double[] sums = state;
            int shift = steps;
            for (int i = from; i < from + 64; i++) {
                double sum = sums[i];
                double value = values[i];
                double next = sum + value;
                double part = next - sum;
                sums[i] = next;
                sums[i + shift] += (sum - (next - part)) + (value - part);
            }
        }

        private void addSome(double[] values, int word, long theirs) {
            for (long bits = theirs; bits != 0; bits &= bits - 1) {
                int step = (word << 6) + Long.numberOfTrailingZeros(bits);
                if (has(step)) {
                    add(step, values[step]);
                } else {
                    state[step] = values[step];
                }
            }
            present[word] |= theirs;
        }

        @Override
        void merge(int step, double[] theirs, int at, int stride) {
            double lost = theirs[at + stride];
            add(step, theirs[at]);
            state[steps + step] += lost;
        }

        @Override
        double value(int step) {
            double lost = state[steps + step];
            return Double.isNaN(lost) ? state[step] : state[step] + lost;
        }
    }

    /// Means; incremental from where the sum would overflow, as in [Mean]. The count is negative
    /// once the sum of a step has become its mean.
    static final class Average extends GroupAccumulator {
        Average(int steps) {
            super(steps, 3);
        }

        @Override
        void begin(int step, double value) {
            state[step] = value;
            state[2 * steps + step] = 1;
        }

        @Override
        void add(int step, double value) {
            double sum = state[step];
            double lost = state[steps + step];
            double counted = state[2 * steps + step];
            double count = Math.abs(counted) + 1;
            if (counted > 0) {
                double next = sum + value;
                if (!Double.isInfinite(next)) {
                    set(step, next, KahanSum.compensate(value, sum, lost, next), count);
                    return;
                }
                sum /= count - 1;
                lost /= count - 1;
            }
            double weight = (count - 1) / count;
            addMean(step, weight * sum, weight * lost, value / count, count);
        }

        private void addMean(int step, double mean, double lost, double part, double count) {
            double next = mean + part;
            set(step, next, KahanSum.compensate(part, mean, lost, next), -count);
        }

        private void set(int step, double sum, double lost, double count) {
            state[step] = sum;
            state[steps + step] = lost;
            state[2 * steps + step] = count;
        }

        @Override
        void merge(int step, double[] theirs, int at, int stride) {
            double sum = state[step];
            double lost = state[steps + step];
            double counted = state[2 * steps + step];
            double theirSum = theirs[at];
            double theirLost = theirs[at + stride];
            double theirCounted = theirs[at + 2 * stride];
            double mine = Math.abs(counted);
            double their = Math.abs(theirCounted);
            double count = mine + their;
            double next = sum + theirSum;
            if (counted > 0 && theirCounted > 0 && !Double.isInfinite(next)) {
                lost = KahanSum.compensate(theirSum, sum, lost, next) + theirLost;
                set(step, next, lost, count);
                return;
            }
            double weight = (counted > 0 ? 1 : mine) / count;
            double theirWeight = (theirCounted > 0 ? 1 : their) / count;
            addMean(
                    step,
                    weight * sum,
                    weight * lost + theirWeight * theirLost,
                    theirWeight * theirSum,
                    count);
        }

        @Override
        double value(int step) {
            double count = state[2 * steps + step];
            return count < 0
                    ? state[step] + state[steps + step]
                    : state[step] / count + state[steps + step] / count;
        }
    }

    /// How many series have a value, or 1 where any has.
    static final class Count extends GroupAccumulator {
        private final boolean any;

        Count(int steps, boolean any) {
            super(steps, 1);
            this.any = any;
        }

        @Override
        void begin(int step, double value) {
            state[step] = 1;
        }

        @Override
        void add(int step, double value) {
            state[step]++;
        }

        @Override
        void merge(int step, double[] theirs, int at, int stride) {
            state[step] += theirs[at];
        }

        @Override
        double value(int step) {
            return any ? 1 : state[step];
        }
    }

    /// Least or greatest values; NaN only where there is nothing else.
    static final class Extreme extends GroupAccumulator {
        private final boolean max;

        Extreme(int steps, boolean max) {
            super(steps, 1);
            this.max = max;
        }

        @Override
        void begin(int step, double value) {
            state[step] = value;
        }

        @Override
        void add(int step, double value) {
            double best = state[step];
            if (Double.isNaN(best) || (max ? best < value : best > value)) {
                state[step] = value;
            }
        }

        @Override
        void merge(int step, double[] theirs, int at, int stride) {
            add(step, theirs[at]);
        }

        @Override
        double value(int step) {
            return state[step];
        }
    }

    /// Population variance, or its root, by Welford's method; merged as by Chan, Golub and LeVeque.
    static final class Variance extends GroupAccumulator {
        private final boolean root;

        Variance(int steps, boolean root) {
            super(steps, 5);
            this.root = root;
        }

        @Override
        void begin(int step, double value) {
            set(step, Double.isFinite(value) ? 0 : Numbers.NAN, 0, value, 0, 1);
        }

        private void set(
                int step, double squares, double lost, double mean, double meanLost, double count) {
            state[step] = squares;
            state[steps + step] = lost;
            state[2 * steps + step] = mean;
            state[3 * steps + step] = meanLost;
            state[4 * steps + step] = count;
        }

        @Override
        void add(int step, double value) {
            double count = state[4 * steps + step] + 1;
            double mean = state[2 * steps + step];
            double meanLost = state[3 * steps + step];
            double delta = value - (mean + meanLost);
            double part = delta / count;
            double nextMean = mean + part;
            meanLost = KahanSum.compensate(part, mean, meanLost, nextMean);
            double square = delta * (value - (nextMean + meanLost));
            double squares = state[step];
            double next = squares + square;
            double lost = KahanSum.compensate(square, squares, state[steps + step], next);
            set(step, next, lost, nextMean, meanLost, count);
        }

        @Override
        void merge(int step, double[] theirs, int at, int stride) {
            double mine = state[4 * steps + step];
            double their = theirs[at + 4 * stride];
            double count = mine + their;
            double mean = state[2 * steps + step];
            double meanLost = state[3 * steps + step];
            double delta = (theirs[at + 2 * stride] - mean) + (theirs[at + 3 * stride] - meanLost);
            double part = delta * their / count;
            double nextMean = mean + part;
            meanLost = KahanSum.compensate(part, mean, meanLost, nextMean);
            double square = delta * delta * mine * their / count + theirs[at];
            double squares = state[step];
            double next = squares + square;
            double lost =
                    KahanSum.compensate(square, squares, state[steps + step], next)
                            + theirs[at + stride];
            set(step, next, lost, nextMean, meanLost, count);
        }

        @Override
        double value(int step) {
            double variance = (state[step] + state[steps + step]) / state[4 * steps + step];
            return root ? Math.sqrt(variance) : variance;
        }
    }
}
