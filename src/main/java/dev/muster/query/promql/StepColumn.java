package dev.muster.query.promql;

import java.util.Arrays;

/// The values of one series at the steps of a query. A step has a value or has none; NaN is a
/// value.
///
/// Mutable and confined to one thread. Whoever passes one to a [SeriesSink] gives it away until the
/// call returns, and may then fill it again.
final class StepColumn {
    private final double[] values;

    /// One bit a step.
    private final long[] present;

    StepColumn(int steps) {
        values = new double[steps];
        present = new long[(steps + 63) >> 6];
    }

    private StepColumn(double[] values, long[] present) {
        this.values = values;
        this.present = present;
    }

    int steps() {
        return values.length;
    }

    /// The values; entries of steps without one are undefined.
    double[] values() {
        return values;
    }

    boolean has(int step) {
        return (present[step >> 6] & (1L << step)) != 0;
    }

    double at(int step) {
        return values[step];
    }

    void set(int step, double value) {
        values[step] = value;
        present[step >> 6] |= 1L << step;
    }

    void remove(int step) {
        present[step >> 6] &= ~(1L << step);
    }

    void clear() {
        Arrays.fill(present, 0);
    }

    /// The first step from `step` on that has a value; -1 if there is none.
    int next(int step) {
        int word = step >> 6;
        if (word >= present.length) {
            return -1;
        }
        long bits = present[word] & (-1L << step);
        while (bits == 0) {
            if (++word == present.length) {
                return -1;
            }
            bits = present[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /// How many steps have a value.
    int count() {
        int count = 0;
        for (long word : present) {
            count += Long.bitCount(word);
        }
        return count;
    }

    boolean isEmpty() {
        for (long word : present) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    boolean isFull() {
        return count() == values.length;
    }

    /// The same value at every step.
    void fill(double value) {
        Arrays.fill(values, value);
        fillPresence();
    }

    private void fillPresence() {
        Arrays.fill(present, -1L);
        int rest = values.length & 63;
        if (rest != 0) {
            present[present.length - 1] = (1L << rest) - 1;
        }
    }

    /// Those values, one for each step.
    void setAll(double[] newValues) {
        System.arraycopy(newValues, 0, values, 0, values.length);
        fillPresence();
    }

    /// Keeps only the steps that `other` has.
    void retain(StepColumn other) {
        for (int i = 0; i < present.length; i++) {
            present[i] &= other.present[i];
        }
    }

    /// Drops the steps that `other` has.
    void removeAll(StepColumn other) {
        for (int i = 0; i < present.length; i++) {
            present[i] &= ~other.present[i];
        }
    }

    /// Marks the steps that `other` has; values are left undefined.
    void markAll(StepColumn other) {
        for (int i = 0; i < present.length; i++) {
            present[i] |= other.present[i];
        }
    }

    boolean overlaps(StepColumn other) {
        for (int i = 0; i < present.length; i++) {
            if ((present[i] & other.present[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /// Takes over the values of `other` at the steps that it has.
    void putAll(StepColumn other) {
        for (int i = other.next(0); i >= 0; i = other.next(i + 1)) {
            set(i, other.values[i]);
        }
    }

    StepColumn copy() {
        return new StepColumn(values.clone(), present.clone());
    }

    /// What one of so many steps holds on to.
    static long sizeBytes(int steps) {
        return 64 + 8L * steps + (steps >> 3);
    }
}
