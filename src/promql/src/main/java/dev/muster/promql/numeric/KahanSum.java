package dev.muster.promql.numeric;

/// A sum with Neumaier's compensation [1], which keeps what rounding loses. Reused; confined to one
/// thread.
///
/// [1] A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974
public final class KahanSum {
    private double sum;
    private double compensation;

    public void reset(double first) {
        sum = first;
        compensation = 0;
    }

    public void set(double newSum, double newCompensation) {
        sum = newSum;
        compensation = newCompensation;
    }

    public void add(double value) {
        double next = sum + value;
        compensation = compensate(value, sum, compensation, next);
        sum = next;
    }

    /// The compensation after `next = sum + value`.
    public static double compensate(double value, double sum, double compensation, double next) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        if (Math.abs(sum) >= Math.abs(value)) {
            return compensation + ((sum - next) + value);
        }
        return compensation + ((value - next) + sum);
    }

    public double sum() {
        return sum;
    }

    public double compensation() {
        return compensation;
    }

    public double total() {
        return sum + compensation;
    }
}
