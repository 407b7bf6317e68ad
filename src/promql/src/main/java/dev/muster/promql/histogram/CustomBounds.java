package dev.muster.promql.histogram;

import java.util.Arrays;

/// Different custom bounds made the same.
final class CustomBounds {
    private CustomBounds() {}

    /// The bounds that are in both, ascending.
    static double[] common(double[] one, double[] other) {
        double[] common = new double[Math.min(one.length, other.length)];
        int size = 0;
        int at = 0;
        for (double bound : one) {
            while (at < other.length && other[at] < bound) {
                at++;
            }
            if (at < other.length && other[at] == bound) {
                common[size++] = bound;
            }
        }
        return Arrays.copyOf(common, size);
    }

    /// For each bucket of `bounds`, the last one included, the bucket of `common` that holds it.
    ///
    /// @param common a part of `bounds`
    static int[] places(double[] bounds, double[] common) {
        int[] places = new int[bounds.length + 1];
        int at = 0;
        for (int i = 0; i < bounds.length; i++) {
            while (at < common.length && common[at] < bounds[i]) {
                at++;
            }
            places[i] = at;
        }
        places[bounds.length] = common.length;
        return places;
    }
}
