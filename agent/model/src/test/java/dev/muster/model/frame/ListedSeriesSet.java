package dev.muster.model.frame;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.util.ArrayList;
import java.util.List;

/// A series set from lists, in the order in which series were added.
final class ListedSeriesSet implements SeriesSet {
    private final List<Labels> labels = new ArrayList<>();
    private final List<MetricMetadata> metadata = new ArrayList<>();
    private final List<SampleColumns> columns = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /// The columns of the new series, to be filled.
    SampleColumns add(Labels newLabels, MetricMetadata newMetadata) {
        labels.add(newLabels);
        metadata.add(newMetadata);
        columns.add(new SampleColumns());
        return columns.getLast();
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public Labels labels(int index) {
        return labels.get(index);
    }

    @Override
    public MetricMetadata metadata(int index) {
        return metadata.get(index);
    }

    @Override
    public SampleReader reader() {
        return (index, into) -> {
            SampleColumns from = columns.get(index);
            into.appendFrom(from, 0, from.size());
        };
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {}
}
