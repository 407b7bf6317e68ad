package dev.muster.query.rules.backtest;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// At which steps series have values, gathered piece by piece. Confined to one thread.
final class Presence {
    static final int SERIES_LIMIT = 2_000;

    private final Steps steps;
    private final Map<Labels, BitSet> series = new HashMap<>();
    private boolean cut;

    /// @param steps of the whole
    Presence(Steps steps) {
        this.steps = steps;
    }

    /// Values of some of the steps.
    void add(MatrixValue values) {
        for (MatrixSeries each : values.series()) {
            Labels labels = each.labels().toBuilder().remove(Labels.METRIC).build();
            BitSet there = series.get(labels);
            if (there == null) {
                if (series.size() >= SERIES_LIMIT) {
                    cut = true;
                    continue;
                }
                there = new BitSet();
                series.put(labels, there);
            }
            for (int i = 0; i < each.size(); i++) {
                there.set(
                        Math.toIntExact((each.timestampMs(i) - steps.startMs()) / steps.stepMs()));
            }
        }
    }

    Map<Labels, BitSet> series() {
        return series;
    }

    /// Whether there were more series than are kept.
    boolean isCut() {
        return cut;
    }
}
