package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.HistogramFold;
import dev.muster.promql.histogram.HistogramMean;
import dev.muster.promql.histogram.HistogramSum;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The sums or means of the histograms of one group at every step. Confined to one thread.
final class HistogramGroup {
    private final boolean mean;
    private final @Nullable HistogramFold[] folds;

    /// Steps with histograms that cannot be added: they get no value.
    private final BitSet incompatible = new BitSet();

    private final QueryRun run;
    private final Position position;
    private long chargedBytes;

    /// @param position of what is aggregated, for remarks
    HistogramGroup(boolean mean, int steps, QueryRun run, Position position) {
        this.mean = mean;
        this.run = run;
        this.position = position;
        folds = new @Nullable HistogramFold[steps];
        charge(8L * steps);
    }

    private void charge(long bytes) {
        run.budget().chargeMemory(bytes);
        chargedBytes += bytes;
    }

    /// Adds the histograms of a column; its numbers are left to others.
    void add(StepColumn column) {
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram != null) {
                add(i, histogram);
            }
        }
    }

    private void add(int step, NativeHistogram histogram) {
        HistogramFold fold = folds[step];
        if (fold == null) {
            fold = mean ? new HistogramMean() : new HistogramSum();
            fold.reset(histogram);
            charge(fold.sizeBytes());
            folds[step] = fold;
        } else if (fold.takes(histogram)) {
            fold.add(histogram);
        } else {
            incompatible.set(step);
        }
    }

    /// Writes the histograms beside the numbers of the group. A step with both gets neither.
    void finish(StepColumn into) {
        Annotations annotations = run.annotations();
        for (int i = 0; i < folds.length; i++) {
            HistogramFold fold = folds[i];
            if (fold == null) {
                continue;
            }
            if (incompatible.get(i)) {
                annotations.mixedSchemas("", position);
            }
            if (into.has(i)) {
                annotations.mixedTypesInAggregation(position);
                into.remove(i);
            } else if (!incompatible.get(i)) {
                if (fold.conflictingResets()) {
                    annotations.conflictingResets("aggregation", position);
                }
                if (fold.reconciledBounds()) {
                    annotations.reconciledBounds("aggregation", position);
                }
                into.set(i, fold.result());
            }
        }
        run.budget().releaseMemory(chargedBytes);
    }
}
