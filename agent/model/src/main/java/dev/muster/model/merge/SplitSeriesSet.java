package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SeriesSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// What one agent holds: its own series, and those it took in place of other agents, as layers.
public final class SplitSeriesSet extends ForwardingSeriesSet {
    private final List<Layer> layers;

    private SplitSeriesSet(SeriesSet set, List<Layer> layers) {
        super(set);
        this.layers = layers;
    }

    /// @param set the series; closed with the new set
    /// @param own tells the agent's own series by their labels
    /// @param by the agent's host
    public static SeriesSet of(SeriesSet set, Predicate<Labels> own, String by) {
        int size = set.size();
        int[] ours = new int[size];
        int[] taken = new int[size];
        int ourCount = 0;
        int takenCount = 0;
        for (int i = 0; i < size; i++) {
            if (own.test(set.labels(i))) {
                ours[ourCount++] = i;
            } else {
                taken[takenCount++] = i;
            }
        }
        if (takenCount == 0) {
            return set;
        }
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer(new View(set, Arrays.copyOf(ours, ourCount)), Layer.OWN));
        layers.add(new Layer(new View(set, Arrays.copyOf(taken, takenCount)), by));
        return new SplitSeriesSet(set, List.copyOf(layers));
    }

    @Override
    public List<Layer> layers() {
        return layers;
    }

    /// Some series of a set that is closed, and tells what is missing, by itself.
    private static final class View extends SelectedSeriesSet {
        View(SeriesSet set, int[] indexes) {
            super(set, indexes);
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public Completeness completeness() {
            return Completeness.NONE;
        }

        @Override
        public void close() {}
    }
}
