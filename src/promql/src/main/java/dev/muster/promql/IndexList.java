package dev.muster.promql;

import java.util.Arrays;

/// Ascending indexes of samples. Reused; confined to one thread.
final class IndexList {
    private int[] indexes = new int[16];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int index) {
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * size);
        }
        indexes[size++] = index;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int at(int position) {
        return indexes[position];
    }

    /// Position of the first index that is at least that.
    int firstFrom(int index) {
        int at = Arrays.binarySearch(indexes, 0, size, index);
        return at < 0 ? -at - 1 : at;
    }

    /// Is there an index with `first <= index <= last`?
    boolean anyWithin(int first, int last) {
        int at = firstFrom(first);
        return at < size && indexes[at] <= last;
    }
}
