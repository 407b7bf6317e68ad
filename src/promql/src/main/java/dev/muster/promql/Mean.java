package dev.muster.promql;

import dev.muster.promql.numeric.KahanSum;

/// A mean that survives a sum too large for a double: it then goes on with the mean instead of the
/// sum. Reused; confined to one thread.
final class Mean {
    private final KahanSum sum = new KahanSum();
    private double count;

    /// Whether `sum` holds the mean.
    private boolean incremental;

    void reset(double first) {
        sum.reset(first);
        count = 1;
        incremental = false;
    }

    void add(double value) {
        count++;
        if (!incremental) {
            if (!Double.isInfinite(sum.sum() + value)) {
                sum.add(value);
                return;
            }
            incremental = true;
            sum.set(sum.sum() / (count - 1), sum.compensation() / (count - 1));
        }
        double weight = (count - 1) / count;
        sum.set(weight * sum.sum(), weight * sum.compensation());
        sum.add(value / count);
    }

    double value() {
        return incremental ? sum.total() : sum.sum() / count + sum.compensation() / count;
    }
}
