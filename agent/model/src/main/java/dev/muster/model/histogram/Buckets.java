package dev.muster.model.histogram;

import java.util.Arrays;

/// Counts of the buckets on one side of zero, or of buckets with custom bounds: only those that are
/// there, by ascending index. Immutable.
public final class Buckets {
    public static final Buckets NONE = new Buckets(new int[0], new double[0]);

    private final int[] indexes;
    private final double[] counts;

    private Buckets(int[] indexes, double[] counts) {
        this.indexes = indexes;
        this.counts = counts;
    }

    /// @param indexes of the buckets, strictly ascending
    /// @param counts of observations in each of them, not cumulative
    public static Buckets of(int[] indexes, double[] counts) {
        return of(indexes, counts, indexes.length);
    }

    /// The first `size` entries of two arrays, which are copied.
    public static Buckets of(int[] indexes, double[] counts, int size) {
        if (size == 0) {
            return NONE;
        }
        if (size > indexes.length || size > counts.length) {
            throw new IllegalArgumentException(
                    "buckets must have as many indexes as counts: size="
                            + size
                            + ", indexes="
                            + indexes.length
                            + ", counts="
                            + counts.length);
        }
        for (int i = 1; i < size; i++) {
            if (indexes[i] <= indexes[i - 1]) {
                throw new IllegalArgumentException(
                        "bucket indexes must ascend: index="
                                + indexes[i]
                                + " after "
                                + indexes[i - 1]);
            }
        }
        return new Buckets(Arrays.copyOf(indexes, size), Arrays.copyOf(counts, size));
    }

    /// The same buckets with other counts, which are copied.
    public Buckets withCounts(double[] newCounts) {
        if (newCounts.length != indexes.length) {
            throw new IllegalArgumentException(
                    "buckets must have as many indexes as counts: indexes="
                            + indexes.length
                            + ", counts="
                            + newCounts.length);
        }
        return indexes.length == 0 ? NONE : new Buckets(indexes, newCounts.clone());
    }

    /// How many buckets are there; empty ones may be among them.
    public int size() {
        return indexes.length;
    }

    /// The index of the bucket at `position`, from 0.
    public int index(int position) {
        return indexes[position];
    }

    /// The count of the bucket at `position`, from 0.
    public double count(int position) {
        return counts[position];
    }

    /// The count of the bucket with that index; 0 where it is not there.
    public double countOf(int index) {
        int position = Arrays.binarySearch(indexes, index);
        return position < 0 ? 0 : counts[position];
    }

    /// The sum of all counts, in ascending order of buckets.
    public double total() {
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        return total;
    }

    /// Have both the same buckets, whatever their counts?
    public boolean sameIndexes(Buckets other) {
        return Arrays.equals(indexes, other.indexes);
    }

    /// The same buckets with the same bits of counts.
    @Override
    public boolean equals(Object other) {
        return other instanceof Buckets that
                && Arrays.equals(indexes, that.indexes)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(indexes) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < indexes.length; i++) {
            text.append(i == 0 ? "" : ", ").append(indexes[i]).append(':').append(counts[i]);
        }
        return text.append('}').toString();
    }
}
