package dev.muster.model.memory;

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
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The plain model of a source: a map from labels to a map from time to sample. Fill it, then share
/// it.
public final class MemorySource implements SeriesSource {
    private final SortedMap<Labels, SortedMap<Long, Sample>> series = new TreeMap<>();
    private final Map<Labels, MetricMetadata> metadata = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    /// What a series has at a time.
    ///
    /// @param histogram null where the sample is a number
    /// @param startMs when it began to count; 0 if that is not known
    public record Sample(double value, @Nullable NativeHistogram histogram, long startMs) {}

    /// Takes samples one after another.
    @FunctionalInterface
    public interface Visitor {
        void accept(Labels labels, long timestampMs, Sample sample);
    }

    public void add(Labels labels, long timestampMs, double value) {
        put(labels, timestampMs, new Sample(value, null, 0));
    }

    public void add(Labels labels, long timestampMs, NativeHistogram histogram) {
        put(labels, timestampMs, new Sample(HistogramMarker.VALUE, histogram, 0));
    }

    private void put(Labels labels, long timestampMs, Sample sample) {
        series.computeIfAbsent(labels, key -> new TreeMap<>()).put(timestampMs, sample);
    }

    /// Says when a sample that is there began to count.
    public void start(Labels labels, long timestampMs, long startMs) {
        series.getOrDefault(labels, new TreeMap<>())
                .computeIfPresent(
                        timestampMs,
                        (time, sample) -> new Sample(sample.value, sample.histogram, startMs));
    }

    public void describe(Labels labels, MetricMetadata what) {
        metadata.put(labels, what);
    }

    public void clear() {
        series.clear();
        metadata.clear();
    }

    /// Every answer from now on says that this is missing.
    public void warn(String warning) {
        warnings.add(warning);
    }

    /// All there is; may be changed.
    public SortedMap<Labels, SortedMap<Long, Sample>> series() {
        return series;
    }

    /// Visits all samples, series by series.
    public void forEach(Visitor visitor) {
        series.forEach((labels, samples) ->
                samples.forEach((time, sample) -> visitor.accept(labels, time, sample)));
    }

    /// From the first sample to the last; empty if there is none.
    public Optional<TimeRange> range() {
        return series.values().stream()
                .filter(samples -> !samples.isEmpty())
                .map(samples -> TimeRange.closed(samples.firstKey(), samples.lastKey()))
                .reduce((a, b) ->
                        new TimeRange(
                                Math.min(a.startMs(), b.startMs()),
                                Math.max(a.endMs(), b.endMs())));
    }

    /// The samples in a range.
    public MemorySource part(TimeRange range) {
        MemorySource part = new MemorySource();
        forEach((labels, time, sample) -> {
            if (range.contains(time)) {
                part.put(labels, time, sample);
            }
        });
        return part;
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

    private static void append(long timeMs, Sample sample, SampleColumns into) {
        into.append(timeMs, sample.value);
        if (sample.histogram != null) {
            into.setHistogram(into.size() - 1, sample.histogram);
        }
        into.setStart(into.size() - 1, sample.startMs);
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
                SortedMap<Long, Sample> samples = series.get(found.get(index));
                if (samples != null && request.samples()) {
                    samples.subMap(range.startMs(), range.endMs())
                            .forEach((time, sample) -> append(time, sample, into));
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
