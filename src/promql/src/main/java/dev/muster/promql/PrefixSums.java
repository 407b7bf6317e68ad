package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// Sums of the samples before each sample of a series, so that the sum of a window is one
/// subtraction. Reused; confined to one thread.
final class PrefixSums {
    /*
     * A sum is two doubles, high and low, whose exact sum it is: 106 bits or so, where each addition loses 2^-104 of the largest
     * sum so far at most. The difference of two sums of at most 2^20 samples is then wrong by less than 2^-84 of the largest one.
     * It is taken only where it is at least 2^-24 of that, so that it is wrong by 2^-60 of itself at most: no more than a
     * compensated sum of the window alone. Additions that lose nothing are by Knuth (The Art of Computer Programming, volume 2,
     * 4.2.2, theorem B).
     */
    private static final int SAMPLES_LIMIT = 1 << 20;
    private static final double LEAST_SHARE = 0x1p-24;

    /// Values up to this magnitude cannot make infinite sums.
    private static final double VALUE_LIMIT = 1e290;

    private double[] high = new double[128];
    private double[] low = new double[128];
    private double least;
    private double sum;
    private double rest;

    /// Adds up a series.
    ///
    /// @return false if it has values, or so many, that this would be wrong
    boolean of(SampleColumns samples) {
        int size = samples.size();
        if (size > SAMPLES_LIMIT) {
            return false;
        }
        if (high.length <= size) {
            high = new double[Math.max(size + 1, 2 * high.length)];
            low = new double[high.length];
        }
        double[] values = samples.values();
        double largest = 0;
        double h = 0;
        double l = 0;
        high[0] = 0;
        low[0] = 0;
        for (int i = 0; i < size; i++) {
            double value = values[i];
            if (!(Math.abs(value) <= VALUE_LIMIT)) {
                return false;
            }
            double next = h + value;
            double part = next - h;
            double lost = l + ((h - (next - part)) + (value - part));
            h = next + lost;
            l = lost - (h - next);
            high[i + 1] = h;
            low[i + 1] = l;
            largest = Math.max(largest, Math.abs(h));
        }
        least = largest * LEAST_SHARE;
        return true;
    }

    /// Computes the sum of samples `from` to `to` (exclusive).
    ///
    /// @return false if it would not be exact enough
    boolean between(int from, int to) {
        double a = high[to];
        double b = -high[from];
        double next = a + b;
        double part = next - a;
        double lost = (a - (next - part)) + (b - part) + (low[to] - low[from]);
        sum = next + lost;
        rest = lost - (sum - next);
        return Math.abs(sum) >= least;
    }

    /// The last sum, rounded.
    double sum() {
        return sum;
    }

    /// What rounding lost of it.
    double rest() {
        return rest;
    }
}
