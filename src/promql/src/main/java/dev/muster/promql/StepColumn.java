package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.Histograms;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The values of one series at the steps of a query. A step has a number, a native histogram, or
/// nothing; NaN is a number.
///
/// Mutable and confined to one thread. Whoever passes one to a [SeriesSink] gives it away until the
/// call returns, and may then fill it again.
final class StepColumn {
    private final double[] values;

    /// One bit a step.
    private final long[] present;

    /// Null where the step has a number or nothing; null itself until there is a histogram.
    private @Nullable NativeHistogram @Nullable [] histograms;

    StepColumn(int steps) {
        values = new double[steps];
        present = new long[(steps + 63) >> 6];
    }

    private StepColumn(
            double[] values, long[] present, @Nullable NativeHistogram @Nullable [] histograms) {
        this.values = values;
        this.present = present;
        this.histograms = histograms;
    }

    int steps() {
        return values.length;
    }

    /// The numbers; entries of steps without one are undefined.
    double[] values() {
        return values;
    }

    /// One bit for each step that has something; owned by this.
    long[] present() {
        return present;
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
        if (histograms != null) {
            histograms[step] = null;
        }
    }

    void set(int step, NativeHistogram histogram) {
        if (histograms == null) {
            histograms = new @Nullable NativeHistogram[values.length];
        }
        histograms[step] = histogram;
        present[step >> 6] |= 1L << step;
    }

    /// Takes over what `other` has at one of its steps.
    void setFrom(int step, StepColumn other, int otherStep) {
        NativeHistogram histogram = other.histogram(otherStep);
        if (histogram == null) {
            set(step, other.values[otherStep]);
        } else {
            set(step, histogram);
        }
    }

    /// May there be histograms?
    boolean hasHistograms() {
        return histograms != null;
    }

    /// The histogram at a step that has something; null if that is a number.
    @Nullable NativeHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    /// Drops the steps that have histograms.
    ///
    /// @return whether there were any
    boolean dropHistograms() {
        if (histograms == null) {
            return false;
        }
        boolean any = false;
        for (int i = next(0); i >= 0; i = next(i + 1)) {
            if (histograms[i] != null) {
                remove(i);
                any = true;
            }
        }
        histograms = null;
        return any;
    }

    void remove(int step) {
        present[step >> 6] &= ~(1L << step);
    }

    void clear() {
        Arrays.fill(present, 0);
        histograms = null;
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

    /// The same number at every step.
    void fill(double value) {
        Arrays.fill(values, value);
        fillPresence();
    }

    /// At every step what `other` has at its first.
    void fillFrom(StepColumn other) {
        fill(other.values[0]);
        NativeHistogram histogram = other.histogram(0);
        if (histogram != null) {
            histograms = new @Nullable NativeHistogram[values.length];
            Arrays.fill(histograms, histogram);
        }
    }

    private void fillPresence() {
        histograms = null;
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
            setFrom(i, other, i);
        }
    }

    StepColumn copy() {
        return new StepColumn(
                values.clone(), present.clone(), histograms == null ? null : histograms.clone());
    }

    /// What this holds on to.
    long sizeBytes() {
        long bytes = sizeBytes(values.length);
        if (histograms != null) {
            for (NativeHistogram histogram : histograms) {
                bytes += 8 + (histogram == null ? 0 : Histograms.sizeBytes(histogram));
            }
        }
        return bytes;
    }

    /// What one of so many steps without histograms holds on to.
    static long sizeBytes(int steps) {
        return 64 + 8L * steps + (steps >> 3);
    }
}
