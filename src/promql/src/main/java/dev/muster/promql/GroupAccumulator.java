package dev.muster.promql;

import dev.muster.promql.numeric.KahanSum;

/// The value of one group at every step, from series that are added one after another. Confined to
/// one thread.
sealed interface GroupAccumulator {
    void add(StepColumn column);

    /// Writes the values of the group; called once, at the end.
    void finish(StepColumn into) throws QueryException;

    /// What it holds on to.
    long sizeBytes();

    static GroupAccumulator of(Aggregator operator, int steps) {
        return switch (operator) {
            case SUM -> new Sum(steps);
            case AVG -> new Average(steps);
            case COUNT -> new Count(steps);
            case GROUP -> new Presence(steps);
            case MIN -> new Extreme(steps, false);
            case MAX -> new Extreme(steps, true);
            case STDDEV -> new Variance(steps, true);
            case STDVAR -> new Variance(steps, false);
            case TOPK, BOTTOMK, COUNT_VALUES, QUANTILE, LIMITK, LIMIT_RATIO ->
                    throw new IllegalStateException(
                            "not an aggregation of single values: operator=" + operator.text());
        };
    }

    /// Compensated sums.
    final class Sum implements GroupAccumulator {
        private final StepColumn sums;
        private final double[] compensations;

        Sum(int steps) {
            sums = new StepColumn(steps);
            compensations = new double[steps];
        }

        @Override
        public void add(StepColumn column) {
            double[] values = column.values();
            double[] totals = sums.values();
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                double value = values[i];
                if (sums.has(i)) {
                    double sum = totals[i];
                    double next = sum + value;
                    compensations[i] = KahanSum.compensate(value, sum, compensations[i], next);
                    totals[i] = next;
                } else {
                    sums.set(i, value);
                }
            }
        }

        @Override
        public void finish(StepColumn into) {
            for (int i = sums.next(0); i >= 0; i = sums.next(i + 1)) {
                into.set(i, sums.at(i) + compensations[i]);
            }
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(sums.steps()) + 8L * sums.steps();
        }
    }

    /// Means; incremental from where the sum would overflow, as in [Mean].
    final class Average implements GroupAccumulator {
        private final StepColumn sums;
        private final double[] compensations;

        /// Negative once the sum of a step has become its mean.
        private final int[] counts;

        Average(int steps) {
            sums = new StepColumn(steps);
            compensations = new double[steps];
            counts = new int[steps];
        }

        @Override
        public void add(StepColumn column) {
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                if (sums.has(i)) {
                    add(i, column.at(i));
                } else {
                    sums.set(i, column.at(i));
                    counts[i] = 1;
                }
            }
        }

        private void add(int step, double value) {
            double[] totals = sums.values();
            double sum = totals[step];
            int count = Math.abs(counts[step]) + 1;
            if (counts[step] > 0) {
                double next = sum + value;
                if (!Double.isInfinite(next)) {
                    compensations[step] =
                            KahanSum.compensate(value, sum, compensations[step], next);
                    totals[step] = next;
                    counts[step] = count;
                    return;
                }
                sum /= count - 1;
                compensations[step] /= count - 1;
            }
            double weight = (count - 1.0) / count;
            double mean = weight * sum;
            double part = value / count;
            double next = mean + part;
            compensations[step] =
                    KahanSum.compensate(part, mean, weight * compensations[step], next);
            totals[step] = next;
            counts[step] = -count;
        }

        @Override
        public void finish(StepColumn into) {
            for (int i = sums.next(0); i >= 0; i = sums.next(i + 1)) {
                into.set(
                        i,
                        counts[i] < 0
                                ? sums.at(i) + compensations[i]
                                : sums.at(i) / counts[i] + compensations[i] / counts[i]);
            }
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(sums.steps()) + 12L * sums.steps();
        }
    }

    /// How many series have a value.
    final class Count implements GroupAccumulator {
        private final StepColumn counts;

        Count(int steps) {
            counts = new StepColumn(steps);
        }

        @Override
        public void add(StepColumn column) {
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                counts.set(i, counts.has(i) ? counts.at(i) + 1 : 1);
            }
        }

        @Override
        public void finish(StepColumn into) {
            into.putAll(counts);
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(counts.steps());
        }
    }

    /// 1 where any series has a value.
    final class Presence implements GroupAccumulator {
        private final StepColumn any;

        Presence(int steps) {
            any = new StepColumn(steps);
        }

        @Override
        public void add(StepColumn column) {
            any.markAll(column);
        }

        @Override
        public void finish(StepColumn into) {
            for (int i = any.next(0); i >= 0; i = any.next(i + 1)) {
                into.set(i, 1);
            }
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(any.steps());
        }
    }

    /// Least or greatest values; NaN only where there is nothing else.
    final class Extreme implements GroupAccumulator {
        private final StepColumn best;
        private final boolean max;

        Extreme(int steps, boolean max) {
            best = new StepColumn(steps);
            this.max = max;
        }

        @Override
        public void add(StepColumn column) {
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                double value = column.at(i);
                double soFar = best.at(i);
                if (!best.has(i) || Double.isNaN(soFar) || (max ? soFar < value : soFar > value)) {
                    best.set(i, value);
                }
            }
        }

        @Override
        public void finish(StepColumn into) {
            into.putAll(best);
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(best.steps());
        }
    }

    /// Population variance, or its root, by Welford's method.
    final class Variance implements GroupAccumulator {
        private final StepColumn squares;
        private final double[] squareCompensations;
        private final double[] means;
        private final double[] meanCompensations;
        private final int[] counts;
        private final boolean root;

        Variance(int steps, boolean root) {
            squares = new StepColumn(steps);
            squareCompensations = new double[steps];
            means = new double[steps];
            meanCompensations = new double[steps];
            counts = new int[steps];
            this.root = root;
        }

        @Override
        public void add(StepColumn column) {
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                double value = column.at(i);
                if (squares.has(i)) {
                    add(i, value);
                } else {
                    squares.set(i, Double.isFinite(value) ? 0 : Numbers.NAN);
                    means[i] = value;
                    counts[i] = 1;
                }
            }
        }

        private void add(int step, double value) {
            counts[step]++;
            double mean = means[step];
            double delta = value - (mean + meanCompensations[step]);
            double part = delta / counts[step];
            double nextMean = mean + part;
            meanCompensations[step] =
                    KahanSum.compensate(part, mean, meanCompensations[step], nextMean);
            means[step] = nextMean;
            double square = delta * (value - (nextMean + meanCompensations[step]));
            double sum = squares.at(step);
            double next = sum + square;
            squareCompensations[step] =
                    KahanSum.compensate(square, sum, squareCompensations[step], next);
            squares.set(step, next);
        }

        @Override
        public void finish(StepColumn into) {
            for (int i = squares.next(0); i >= 0; i = squares.next(i + 1)) {
                double variance = (squares.at(i) + squareCompensations[i]) / counts[i];
                into.set(i, root ? Math.sqrt(variance) : variance);
            }
        }

        @Override
        public long sizeBytes() {
            return StepColumn.sizeBytes(squares.steps()) + 28L * squares.steps();
        }
    }
}
