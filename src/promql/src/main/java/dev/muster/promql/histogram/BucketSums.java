package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.promql.numeric.KahanSum;

/// Compensated sums of the buckets on one side of zero, by ascending index. Confined to one thread.
final class BucketSums {
    private int[] indexes = new int[8];
    private double[] sums = new double[8];
    private double[] compensations = new double[8];
    private int size;

    /// The other half of a double buffer, for merging.
    private int[] spareIndexes = new int[8];

    private double[] spareSums = new double[8];
    private double[] spareCompensations = new double[8];

    /// Says in which bucket the counts of a bucket belong; must not change the order.
    @FunctionalInterface
    interface Placing {
        Placing SAME = index -> index;

        /// What is returned for a bucket that is not to be counted.
        int NOWHERE = Integer.MIN_VALUE;

        int of(int index);
    }

    void clear() {
        size = 0;
    }

    void add(Buckets buckets, double factor, Placing placing) {
        reserveSpare(size + buckets.size());
        int mine = 0;
        int out = 0;
        for (int i = 0; i < buckets.size(); i++) {
            int index = placing.of(buckets.index(i));
            if (index == Placing.NOWHERE) {
                continue;
            }
            while (mine < size && indexes[mine] <= index) {
                out = move(mine++, out);
            }
            if (out == 0 || spareIndexes[out - 1] != index) {
                spareIndexes[out] = index;
                spareSums[out] = 0;
                spareCompensations[out] = 0;
                out++;
            }
            addTo(out - 1, buckets.count(i) * factor);
        }
        while (mine < size) {
            out = move(mine++, out);
        }
        swap(out);
    }

    private int move(int from, int to) {
        spareIndexes[to] = indexes[from];
        spareSums[to] = sums[from];
        spareCompensations[to] = compensations[from];
        return to + 1;
    }

    private void addTo(int at, double value) {
        double next = spareSums[at] + value;
        spareCompensations[at] =
                KahanSum.compensate(value, spareSums[at], spareCompensations[at], next);
        spareSums[at] = next;
    }

    private void reserveSpare(int needed) {
        if (spareIndexes.length < needed) {
            int length = Math.max(needed, 2 * spareIndexes.length);
            spareIndexes = new int[length];
            spareSums = new double[length];
            spareCompensations = new double[length];
        }
    }

    private void swap(int newSize) {
        int[] heldIndexes = indexes;
        double[] heldSums = sums;
        double[] heldCompensations = compensations;
        indexes = spareIndexes;
        sums = spareSums;
        compensations = spareCompensations;
        spareIndexes = heldIndexes;
        spareSums = heldSums;
        spareCompensations = heldCompensations;
        size = newSize;
    }

    /// Moves all counts to other buckets.
    void place(Placing placing) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int index = placing.of(indexes[i]);
            if (index == Placing.NOWHERE) {
                continue;
            }
            if (kept > 0 && indexes[kept - 1] == index) {
                double next = sums[kept - 1] + sums[i];
                compensations[kept - 1] =
                        KahanSum.compensate(sums[i], sums[kept - 1], compensations[kept - 1], next)
                                + compensations[i];
                sums[kept - 1] = next;
            } else {
                indexes[kept] = index;
                sums[kept] = sums[i];
                compensations[kept] = compensations[i];
                kept++;
            }
        }
        size = kept;
    }

    void scale(double factor) {
        for (int i = 0; i < size; i++) {
            sums[i] *= factor;
            compensations[i] *= factor;
        }
    }

    /// The largest count, whatever its sign.
    double largest() {
        double largest = 0;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, Math.abs(sums[i]));
        }
        return largest;
    }

    /// The buckets that count anything.
    Buckets total() {
        int[] kept = new int[size];
        double[] counts = new double[size];
        int out = 0;
        for (int i = 0; i < size; i++) {
            double count = sums[i] + compensations[i];
            if (count != 0) {
                kept[out] = indexes[i];
                counts[out++] = count;
            }
        }
        return Buckets.of(kept, counts, out);
    }

    long sizeBytes() {
        return 20L * (indexes.length + spareIndexes.length);
    }
}
