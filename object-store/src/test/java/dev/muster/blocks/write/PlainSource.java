package dev.muster.blocks.write;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Series in plain maps: what the optimised readers are compared with.
public final class PlainSource implements SeriesSource {
    private final TreeMap<Labels, TreeMap<Long, Double>> series = new TreeMap<>();
    private final Map<Labels, Map<Long, NativeHistogram>> histograms = new TreeMap<>();
    private final Map<Labels, Map<Long, Long>> starts = new TreeMap<>();
    private final Map<Labels, MetricMetadata> metadata = new TreeMap<>();

    public PlainSource add(Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, l -> new TreeMap<>()).putIfAbsent(timestampMs, value);
        return this;
    }

    public PlainSource add(Labels labels, long timestampMs, NativeHistogram histogram) {
        histograms.computeIfAbsent(labels, l -> new TreeMap<>()).put(timestampMs, histogram);
        return add(labels, timestampMs, HistogramMarker.VALUE);
    }

    /// Says since when the sample of that time counts.
    public PlainSource start(Labels labels, long timestampMs, long startMs) {
        starts.computeIfAbsent(labels, l -> new TreeMap<>()).put(timestampMs, startMs);
        return this;
    }

    public PlainSource describe(Labels labels, MetricMetadata of) {
        metadata.put(labels, of);
        return this;
    }

    public TreeMap<Labels, TreeMap<Long, Double>> series() {
        return series;
    }

    public long sampleCount() {
        return series.values().stream().mapToLong(Map::size).sum();
    }

    @Override
    public SeriesSet select(SelectRequest request) {
        List<Labels> found = new ArrayList<>();
        series.forEach((labels, samples) -> {
            if (LabelMatcher.all(request.matchers(), labels)) {
                found.add(labels);
            }
        });
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
            public MetricMetadata metadata(int index) {
                return metadata.getOrDefault(found.get(index), MetricMetadata.NONE);
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
        series.getOrDefault(labels, new TreeMap<>())
                .subMap(request.range().startMs(), request.range().endMs())
                .forEach((timeMs, value) -> {
                    NativeHistogram histogram =
                            histograms.getOrDefault(labels, Map.of()).get(timeMs);
                    if (histogram != null) {
                        into.append(timeMs, histogram);
                    } else {
                        into.append(timeMs, value);
                    }
                    into.setStart(
                            into.size() - 1,
                            starts.getOrDefault(labels, Map.of()).getOrDefault(timeMs, 0L));
                });
    }
}
