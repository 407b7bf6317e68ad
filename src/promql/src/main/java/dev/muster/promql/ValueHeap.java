package dev.muster.promql;

import java.util.Arrays;

/// The best series of one group at one step, from those offered one after another. Of equal ones it
/// keeps those that Prometheus keeps, which depends on the order in which they come: a binary heap
/// with the worst on top, which a better one replaces. Confined to one thread.
final class ValueHeap {
    private final boolean least;
    private double[] values = new double[4];
    private int[] series = new int[4];
    private int size;

    /// @param least whether small values are the best
    ValueHeap(boolean least) {
        this.least = least;
    }

    int size() {
        return size;
    }

    /// The series at a place of the heap.
    int series(int index) {
        return series[index];
    }

    double value(int index) {
        return values[index];
    }

    /// What it holds on to.
    long sizeBytes() {
        return 64 + 12L * values.length;
    }

    /// Would it take the value?
    boolean wants(double value, int limit) {
        if (size < limit) {
            return true;
        }
        if (limit <= 0) {
            return false;
        }
        double top = values[0];
        boolean better = least ? top > value : top < value;
        return better || (Double.isNaN(top) && !Double.isNaN(value));
    }

    /// Takes a value that it wants.
    void add(double value, int number, int limit) {
        if (size < limit) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
                series = Arrays.copyOf(series, 2 * size);
            }
            values[size] = value;
            series[size] = number;
            up(size++);
        } else {
            values[0] = value;
            series[0] = number;
            down(0);
        }
    }

    /// Puts what is in it in order, best first. Nothing can be added any longer.
    void sort() {
        for (int i = 1; i < size; i++) {
            double value = values[i];
            int number = series[i];
            int at = i;
            while (at > 0 && worse(values[at - 1], value)) {
                values[at] = values[at - 1];
                series[at] = series[at - 1];
                at--;
            }
            values[at] = value;
            series[at] = number;
        }
    }

    private boolean worse(double a, double b) {
        if (Double.isNaN(a)) {
            return !Double.isNaN(b);
        }
        return least ? a > b : a < b;
    }

    private void up(int from) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) / 2;
            if (!worse(values[i], values[parent])) {
                return;
            }
            swap(i, parent);
            i = parent;
        }
    }

    private void down(int from) {
        int i = from;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && worse(values[child + 1], values[child])) {
                child++;
            }
            if (!worse(values[child], values[i])) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private void swap(int a, int b) {
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
        int number = series[a];
        series[a] = series[b];
        series[b] = number;
    }
}
