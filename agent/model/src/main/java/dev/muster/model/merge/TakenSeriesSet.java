package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.List;

/// Series whose samples another agent took in place of their own.
///
/// @param set the series; closed with this
/// @param by that agent's host
public record TakenSeriesSet(SeriesSet set, String by) implements SeriesSet {
    public TakenSeriesSet {
        if (by.isEmpty()) {
            throw new IllegalArgumentException("who took the samples must be named");
        }
    }

    @Override
    public List<Layer> layers() {
        return List.of(new Layer(set, by));
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
