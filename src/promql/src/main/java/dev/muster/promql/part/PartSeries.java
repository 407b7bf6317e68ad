package dev.muster.promql.part;

import dev.muster.model.labels.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One series of the answer of a part, over all steps asked: values, or the state of a group from
/// which groups of the same labels can be merged.
///
/// A step has numbers, one in each column, or a histogram, or nothing; the state of a group may
/// have both numbers and a histogram. How many columns there are and what they mean follows from
/// the aggregation on top of the query:
///
/// | aggregation                          | columns                                                     |
/// |--------------------------------------|-------------------------------------------------------------|
/// | none, topk, bottomk, limitk, limit_ratio | the value; of those that choose, what can be chosen     |
/// | sum                                  | sum, what rounding lost of it                               |
/// | avg                                  | sum, what rounding lost, count; the mean and the negative count where the sum would not fit |
/// | count, group, count_values           | count                                                       |
/// | min, max                             | the extreme                                                 |
/// | stddev, stdvar                       | sum of squared deviations, loss, mean, loss, count          |
///
/// Reused for one series after another: a sink copies what it keeps (labels and histograms may be
/// kept as they are). Confined to one thread at a time.
public final class PartSeries {
    /// Most columns of any aggregation.
    public static final int COLUMNS_LIMIT = 8;

    private final int steps;
    private final double[][] columns;
    private final long[] present;
    private @Nullable PartHistogram @Nullable [] histograms;
    private Labels labels = Labels.EMPTY;
    private Labels first = Labels.EMPTY;
    private boolean dropName;

    /// @param steps how many steps are asked, at least 1
    /// @param columns how many numbers a step has, at least 1
    public PartSeries(int steps, int columns) {
        if (steps < 1 || columns < 1 || columns > COLUMNS_LIMIT) {
            throw new IllegalArgumentException(
                    "part series: steps must be positive and columns 1 to "
                            + COLUMNS_LIMIT
                            + ": steps="
                            + steps
                            + ", columns="
                            + columns);
        }
        this.steps = steps;
        this.columns = new double[columns][steps];
        present = new long[(steps + 63) >> 6];
    }

    /// Begins another series, without any value.
    ///
    /// @param newLabels of the series, its metric name among them even if that is to be dropped; of
    ///   the group
    /// @param newFirst the least label set among the series of the group; the same for a series
    /// @param newDropName whether the metric name goes at the end of the query
    public void begin(Labels newLabels, Labels newFirst, boolean newDropName) {
        labels = newLabels;
        first = newFirst;
        dropName = newDropName;
        Arrays.fill(present, 0);
        histograms = null;
    }

    public Labels labels() {
        return labels;
    }

    /// By this the groups of an answer are put in order.
    public Labels first() {
        return first;
    }

    public boolean dropName() {
        return dropName;
    }

    public int steps() {
        return steps;
    }

    /// How many numbers a step has.
    public int columns() {
        return columns.length;
    }

    /// The numbers of a column, owned by this; undefined where [#has] is false.
    public double[] column(int index) {
        return columns[index];
    }

    /// Says that a step has numbers, which are in the columns.
    public void mark(int step) {
        present[step >> 6] |= 1L << step;
    }

    /// Has a step numbers?
    public boolean has(int step) {
        return (present[step >> 6] & (1L << step)) != 0;
    }

    /// The first step from `step` on that has numbers; -1 if there is none.
    public int next(int step) {
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

    /// Gives a step a histogram, beside its numbers if it has any.
    public void histogram(int step, PartHistogram histogram) {
        if (histograms == null) {
            histograms = new @Nullable PartHistogram[steps];
        }
        histograms[step] = histogram;
    }

    /// The histogram of a step; null if it has none.
    public @Nullable PartHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    /// Has any step a histogram?
    public boolean hasHistograms() {
        return histograms != null;
    }
}
