package dev.muster.promql;

import java.util.Arrays;

/// Quantiles of values.
final class Quantile {
    private Quantile() {}

    /// The quantile of `values[0..size)`, which it sorts. NaN counts as less than every number.
    static double of(double quantile, double[] values, int size) {
        if (size > 0 && quantile >= 0 && quantile <= 1) {
            sort(values, size);
        }
        return ofSorted(quantile, values, size);
    }

    /// The same of values that are in order.
    static double ofSorted(double quantile, double[] values, int size) {
        if (size == 0 || Double.isNaN(quantile)) {
            return Numbers.NAN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        double rank = quantile * (size - 1);
        double below = Math.floor(rank);
        int lower = (int) Math.max(0, below);
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - below;
        return values[lower] * (1 - weight) + values[upper] * weight;
    }

    private static void sort(double[] values, int size) {
        Arrays.sort(values, 0, size);
        int nans = 0;
        while (nans < size && Double.isNaN(values[size - 1 - nans])) {
            nans++;
        }
        if (nans > 0) {
            System.arraycopy(values, 0, values, nans, size - nans);
            Arrays.fill(values, 0, nans, Numbers.NAN);
        }
    }
}
