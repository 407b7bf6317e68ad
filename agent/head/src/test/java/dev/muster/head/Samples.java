package dev.muster.head;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The samples of some series as plain maps: time to the bits of the value.
public final class Samples {
    private Samples() {}

    /// All that a source has in a range, series without samples left out; checks order on the way.
    public static TreeMap<Labels, TreeMap<Long, Long>> read(
            SeriesSource source, TimeRange range, LabelMatcher... matchers) throws IOException {
        try (SeriesSet set = source.select(SelectRequest.of(range, List.of(matchers)))) {
            return read(set);
        }
    }

    /// All of a sample but its time.
    public record Point(long bits, @Nullable NativeHistogram histogram, long startMs) {}

    /// As the other method, with histograms and start times.
    public static TreeMap<Labels, TreeMap<Long, Point>> points(
            SeriesSource source, TimeRange range, LabelMatcher... matchers) throws IOException {
        try (SeriesSet set = source.select(SelectRequest.of(range, List.of(matchers)))) {
            return points(set);
        }
    }

    public static TreeMap<Labels, TreeMap<Long, Long>> read(SeriesSet set) throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> result = new TreeMap<>();
        points(set)
                .forEach((labels, points) -> {
                    TreeMap<Long, Long> samples = new TreeMap<>();
                    points.forEach((time, point) -> samples.put(time, point.bits()));
                    result.put(labels, samples);
                });
        return result;
    }

    private static TreeMap<Labels, TreeMap<Long, Point>> points(SeriesSet set) throws IOException {
        TreeMap<Labels, TreeMap<Long, Point>> result = new TreeMap<>();
        SampleReader reader = set.reader();
        SampleColumns columns = new SampleColumns();
        for (int i = 0; i < set.size(); i++) {
            if (i > 0 && set.labels(i - 1).compareTo(set.labels(i)) >= 0) {
                throw new AssertionError("series must ascend: " + set.labels(i));
            }
            columns.clear();
            reader.read(i, columns);
            TreeMap<Long, Point> samples = new TreeMap<>();
            for (int k = 0; k < columns.size(); k++) {
                if (k > 0 && columns.timestampsMs()[k - 1] >= columns.timestampsMs()[k]) {
                    throw new AssertionError("times must ascend: " + set.labels(i));
                }
                samples.put(
                        columns.timestampsMs()[k],
                        new Point(
                                Double.doubleToRawLongBits(columns.values()[k]),
                                columns.histogram(k),
                                columns.startMs(k)));
            }
            if (!samples.isEmpty()) {
                result.put(set.labels(i), samples);
            }
        }
        return result;
    }
}
