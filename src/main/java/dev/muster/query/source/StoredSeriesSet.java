package dev.muster.query.source;

import dev.muster.model.frame.FrameStore;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.List;

/// A set together with the store that its frames are in, which is closed with it.
///
/// @param set whose labels and samples these are
/// @param store owned by this set
record StoredSeriesSet(SeriesSet set, FrameStore store) implements SeriesSet {
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
        store.close();
    }
}
