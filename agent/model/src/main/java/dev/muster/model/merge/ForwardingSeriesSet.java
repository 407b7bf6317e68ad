package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.List;

/// A set that answers from another one: what does not change it says is told of that one. Closing
/// it closes the other.
public abstract class ForwardingSeriesSet implements SeriesSet {
    protected final SeriesSet set;

    /// @param set owned by this one
    protected ForwardingSeriesSet(SeriesSet set) {
        this.set = set;
    }

    @Override
    public List<Layer> layers() {
        return set.layers();
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
}
