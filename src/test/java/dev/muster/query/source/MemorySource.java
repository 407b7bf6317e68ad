package dev.muster.query.source;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The plain model of a source: a map from labels to a map from time to value. Fill it, then share
/// it.
public final class MemorySource implements SeriesSource {
    private final SortedMap<Labels, SortedMap<Long, Double>> series = new TreeMap<>();
    private final Map<Labels, Map<Long, NativeHistogram>> histograms = new HashMap<>();
    private final Map<Labels, Map<Long, Long>> starts = new HashMap<>();
    private final Map<Labels, MetricMetadata> metadata = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    public void add(Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, key -> new TreeMap<>()).put(timestampMs, value);
    }

    public void add(Labels labels, long timestampMs, NativeHistogram histogram) {
        add(labels, timestampMs, HistogramMarker.VALUE);
        histograms.computeIfAbsent(labels, key -> new HashMap<>()).put(timestampMs, histogram);
    }

    /// Says when a sample began to count.
    public void start(Labels labels, long timestampMs, long startMs) {
        starts.computeIfAbsent(labels, key -> new HashMap<>()).put(timestampMs, startMs);
    }

    public void describe(Labels labels, MetricMetadata what) {
        metadata.put(labels, what);
    }

    public void clear() {
        series.clear();
        histograms.clear();
        starts.clear();
        metadata.clear();
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    SortedMap<Labels, SortedMap<Long, Double>> series() {
        return series;
    }

    @Override
    public SeriesSet select(SelectRequest request) {
        TimeRange range = request.range();
        List<Labels> found = new ArrayList<>();
        series.forEach((labels, samples) -> {
            boolean inRange = !samples.subMap(range.startMs(), range.endMs()).isEmpty();
            if (inRange && LabelMatcher.all(request.matchers(), labels)) {
                found.add(labels);
            }
        });
        request.budget().chargeSeries(found.size());
        return new Found(found, request);
    }

    private final class Found implements SeriesSet {
        private final List<Labels> found;
        private final SelectRequest request;

        private Found(List<Labels> found, SelectRequest request) {
            this.found = found;
            this.request = request;
        }

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
            return (index, into) -> {
                TimeRange range = request.range();
                SortedMap<Long, Double> samples = series.get(found.get(index));
                if (samples != null && request.samples()) {
                    Labels labels = found.get(index);
                    Map<Long, NativeHistogram> whole = histograms.getOrDefault(labels, Map.of());
                    Map<Long, Long> begun = starts.getOrDefault(labels, Map.of());
                    samples.subMap(range.startMs(), range.endMs())
                            .forEach((timeMs, value) -> {
                                into.append(timeMs, value);
                                if (whole.containsKey(timeMs)) {
                                    into.setHistogram(into.size() - 1, whole.get(timeMs));
                                }
                                into.setStart(into.size() - 1, begun.getOrDefault(timeMs, 0L));
                            });
                    request.budget().chargeSamples(into.size());
                }
            };
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        @Override
        public void close() {}
    }
}
