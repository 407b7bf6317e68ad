package dev.muster.query.promql;

/// A sum with Neumaier's compensation [1], which keeps what rounding loses. Reused; confined to one
/// thread.
///
/// [1] A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974
final class KahanSum {
    private double sum;
    private double compensation;

    void reset(double first) {
        sum = first;
        compensation = 0;
    }

    void set(double newSum, double newCompensation) {
        sum = newSum;
        compensation = newCompensation;
    }

    void add(double value) {
        double next = sum + value;
        compensation = compensate(value, sum, compensation, next);
        sum = next;
    }

    /// The compensation after `next = sum + value`.
    static double compensate(double value, double sum, double compensation, double next) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        if (Math.abs(sum) >= Math.abs(value)) {
            return compensation + ((sum - next) + value);
        }
        return compensation + ((value - next) + sum);
    }

    double sum() {
        return sum;
    }

    double compensation() {
        return compensation;
    }

    double total() {
        return sum + compensation;
    }
}
