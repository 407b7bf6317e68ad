package dev.muster.promql;

import java.util.Arrays;

/// The numbers of a window in order, kept so while it moves over a series: what leaves is taken out
/// and what comes is put in. Reused; confined to one thread.
final class SortedWindow {
    private double[] sorted = new double[32];
    private int from;
    private int to;

    /// Forgets the series.
    void clear() {
        from = 0;
        to = 0;
    }

    /// Moves to samples `newFrom` to `newTo` (exclusive), both not before those of the last call.
    ///
    /// @return false if NaN is among them: it has no place
    boolean move(double[] values, int newFrom, int newTo) {
        int size = newTo - newFrom;
        if (sorted.length < size + 1) {
            sorted = Arrays.copyOf(sorted, Math.max(size + 1, 2 * sorted.length));
        }
        int changes = (newFrom - from) + (newTo - to);
        if (newFrom >= to || changes > size / 4) {
            System.arraycopy(values, newFrom, sorted, 0, size);
            Arrays.sort(sorted, 0, size);
        } else {
            slide(values, newFrom, newTo);
        }
        from = newFrom;
        to = newTo;
        if (Double.isNaN(sorted[size - 1])) {
            clear();
            return false;
        }
        return true;
    }

    private void slide(double[] values, int newFrom, int newTo) {
        int size = to - from;
        for (int i = from; i < newFrom; i++) {
            int at = Arrays.binarySearch(sorted, 0, size, values[i]);
            size--;
            System.arraycopy(sorted, at + 1, sorted, at, size - at);
        }
        for (int i = to; i < newTo; i++) {
            int at = Arrays.binarySearch(sorted, 0, size, values[i]);
            at = at < 0 ? -at - 1 : at;
            if (size == sorted.length) {
                sorted = Arrays.copyOf(sorted, 2 * size);
            }
            System.arraycopy(sorted, at, sorted, at + 1, size - at);
            sorted[at] = values[i];
            size++;
        }
    }

    /// The numbers, valid until the next move; NaN-free.
    double[] sorted() {
        return sorted;
    }
}
