package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// What one agent holds: its own series, and those it took in place of other agents, as layers.
public final class SplitSeriesSet implements SeriesSet {
    private final SeriesSet set;
    private final List<Layer> layers;

    private SplitSeriesSet(SeriesSet set, List<Layer> layers) {
        this.set = set;
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

    @Override
    public int size() {
        return set.size();
    }

    @Override
    public Labels labels(int index) {
        return set.labels(index);
    }

    @Override
    public MetricMetadata metadata(int index) {
        return set.metadata(index);
    }

    @Override
    public SampleReader reader() {
        return set.reader();
    }

    @Override
    public List<String> warnings() {
        return set.warnings();
    }

    @Override
    public Completeness completeness() {
        return set.completeness();
    }

    @Override
    public void close() {
        set.close();
    }

    /// Some series of a set. Owns its array; what it views is closed by another.
    private static final class View implements SeriesSet {
        private final SeriesSet set;
        private final int[] indexes;

        View(SeriesSet set, int[] indexes) {
            this.set = set;
            this.indexes = indexes;
        }

        @Override
        public int size() {
            return indexes.length;
        }

        @Override
        public Labels labels(int index) {
            return set.labels(indexes[index]);
        }

        @Override
        public MetricMetadata metadata(int index) {
            return set.metadata(indexes[index]);
        }

        @Override
        public SampleReader reader() {
            SampleReader reader = set.reader();
            return (series, into) -> reader.read(indexes[series], into);
        }

        @Override
        public void close() {}
    }
}
