package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.HistogramFold;
import dev.muster.promql.histogram.HistogramMean;
import dev.muster.promql.histogram.HistogramSum;
import dev.muster.promql.part.PartHistogram;
import dev.muster.promql.part.PartSeries;
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

    /// Takes in what another knows of the same group and steps.
    void merge(HistogramGroup other) {
        for (int i = 0; i < folds.length; i++) {
            HistogramFold fold = other.folds[i];
            if (fold != null) {
                merge(i, fold.state(), other.incompatible.get(i));
            }
        }
        run.budget().releaseMemory(other.chargedBytes);
    }

    /// Takes in what a part has sent.
    ///
    /// @param offset the step at which that begins
    void merge(PartSeries series, int offset) {
        for (int i = 0; i < series.steps(); i++) {
            PartHistogram histogram = series.histogram(i);
            if (histogram != null) {
                merge(offset + i, histogram, histogram.incompatible());
            }
        }
    }

    private void merge(int step, PartHistogram state, boolean isIncompatible) {
        HistogramFold fold = folds[step];
        if (fold == null) {
            fold = mean ? new HistogramMean() : new HistogramSum();
            fold.reset(state);
            charge(fold.sizeBytes());
            folds[step] = fold;
        } else if (fold.takes(state.histogram())) {
            fold.merge(state);
        } else {
            incompatible.set(step);
        }
        if (isIncompatible) {
            incompatible.set(step);
        }
    }

    /// Writes the state out for others.
    void state(PartSeries into) {
        for (int i = 0; i < folds.length; i++) {
            HistogramFold fold = folds[i];
            if (fold != null) {
                PartHistogram state = fold.state();
                into.histogram(i, incompatible.get(i) ? state.asIncompatible() : state);
            }
        }
        run.budget().releaseMemory(chargedBytes);
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
