package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.part.PartHistogram;

/// A mean of histograms that survives a sum too large for doubles: it then goes on with the mean
/// instead of the sum. Reused; confined to one thread.
public final class HistogramMean implements HistogramFold {
    private final HistogramSum sum = new HistogramSum();
    private double size;

    /// Whether `sum` holds the mean.
    private boolean incremental;

    @Override
    public void reset(NativeHistogram first) {
        sum.reset(first);
        size = 1;
        incremental = false;
    }

    @Override
    public boolean takes(NativeHistogram other) {
        return sum.takes(other);
    }

    @Override
    public void add(NativeHistogram other) {
        size++;
        if (!incremental) {
            if (!sum.overflowsWith(other)) {
                sum.add(other, 1);
                return;
            }
            incremental = true;
            sum.scale(1 / (size - 1));
        }
        sum.scale((size - 1) / size);
        sum.add(other, 1 / size);
    }

    @Override
    public PartHistogram state() {
        return sum.state((long) size, incremental);
    }

    @Override
    public void reset(PartHistogram state) {
        sum.reset(state);
        size = state.size();
        incremental = state.mean();
    }

    @Override
    public void merge(PartHistogram state) {
        NativeHistogram other = state.histogram();
        double all = size + state.size();
        if (!incremental && !state.mean() && !sum.overflowsWith(other)) {
            sum.add(other, 1);
        } else {
            sum.scale((incremental ? size : 1) / all);
            sum.add(other, (state.mean() ? state.size() : 1) / all);
            incremental = true;
        }
        sum.note(state);
        size = all;
    }

    @Override
    public boolean conflictingResets() {
        return sum.conflictingResets();
    }

    @Override
    public boolean reconciledBounds() {
        return sum.reconciledBounds();
    }

    @Override
    public NativeHistogram result() {
        return incremental ? sum.result() : Histograms.divided(sum.result(), size);
    }

    @Override
    public long sizeBytes() {
        return 32 + sum.sizeBytes();
    }
}
