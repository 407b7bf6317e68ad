package dev.muster.query.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Series in memory, for tests.
final class MemorySource implements SeriesSource {
    private final Map<Labels, TreeMap<Long, Double>> series = new TreeMap<>();

    void add(Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, _ -> new TreeMap<>()).put(timestampMs, value);
    }

    void clear() {
        series.clear();
    }

    @Override
    public SeriesSet select(SelectRequest request) {
        List<Labels> found = new ArrayList<>();
        for (Labels labels : series.keySet()) {
            if (LabelMatcher.all(request.matchers(), labels)) {
                found.add(labels);
            }
        }
        return new SeriesSet() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public Labels labels(int index) {
                return found.get(index);
            }

            @Override
            public SampleReader reader() {
                return (index, into) -> read(found.get(index), request, into);
            }

            @Override
            public void close() {}
        };
    }

    private void read(Labels labels, SelectRequest request, SampleColumns into) {
        TreeMap<Long, Double> samples = series.get(labels);
        if (samples != null) {
            samples.subMap(request.range().startMs(), request.range().endMs())
                    .forEach(into::append);
        }
    }
}
