package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.List;

/// Some series of a set, in its order.
public abstract class SelectedSeriesSet extends ForwardingSeriesSet {
    /// By number here: the number there.
    private final int[] indexes;

    /// @param set owned by this one
    /// @param indexes of its series, ascending; this set's from now on
    protected SelectedSeriesSet(SeriesSet set, int[] indexes) {
        super(set);
        this.indexes = indexes;
    }

    @Override
    public List<Layer> layers() {
        return List.of(new Layer(this, Layer.OWN));
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
        return (index, into) -> reader.read(indexes[index], into);
    }
}
