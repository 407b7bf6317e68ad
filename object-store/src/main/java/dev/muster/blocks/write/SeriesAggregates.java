package dev.muster.blocks.write;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;

/// What an analyst asks of a series without reading its samples. Staleness markers are counted and
/// otherwise left out; a NaN counts as a value, makes the sum NaN, and is passed over by minimum
/// and maximum unless there is nothing else, as in PromQL. Confined to one thread; reused.
final class SeriesAggregates {
    private int count;
    private int staleCount;
    private double first;
    private double last;
    private double min;
    private double max;
    private double sum;
    private double lost;
    private int resets;

    void compute(SampleColumns samples) {
        clear();
        double[] values = samples.values();
        for (int i = 0; i < samples.size(); i++) {
            if (Staleness.isStale(values[i])) {
                staleCount++;
            } else {
                add(values[i]);
            }
        }
    }

    private void clear() {
        count = 0;
        staleCount = 0;
        min = Double.NaN;
        max = Double.NaN;
        sum = 0;
        lost = 0;
        resets = 0;
    }

    private void add(double value) {
        if (count == 0) {
            first = value;
        } else if (value < last) {
            resets++;
        }
        last = value;
        if (!(value >= min)) {
            min = Double.isNaN(value) ? min : value;
        }
        if (!(value <= max)) {
            max = Double.isNaN(value) ? max : value;
        }
        addToSum(value);
        count++;
    }

    /// Neumaier's compensated sum; an infinite sum has nothing to compensate.
    private void addToSum(double value) {
        double next = sum + value;
        if (!Double.isInfinite(next)) {
            lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
        }
        sum = next;
    }

    /// Values that are no staleness markers.
    int count() {
        return count;
    }

    int staleCount() {
        return staleCount;
    }

    double first() {
        return first;
    }

    double last() {
        return last;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    double sum() {
        return Double.isInfinite(sum) ? sum : sum + lost;
    }

    int resets() {
        return resets;
    }
}
