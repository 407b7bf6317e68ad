package dev.muster.promql;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes native histograms with custom buckets of series `name_bucket` and `name_sum`.
final class ClassicHistograms {
    private final Map<Labels, TreeMap<Long, Point>> points = new LinkedHashMap<>();

    private static final class Point {
        private final TreeMap<Double, Double> cumulative = new TreeMap<>();
        private double sum;
    }

    /// Takes a histogram of a series at a time.
    interface Sink {
        void accept(Labels labels, long timeMs, NativeHistogram histogram);
    }

    void add(Labels labels, long timeMs, double value) {
        String name = labels.metric();
        if (name.endsWith("_bucket") && labels.get("le") != null) {
            double bound = Numbers.parseFloat(labels.valueOf("le"));
            point(base(labels, "_bucket"), timeMs).cumulative.put(bound, value);
        } else if (name.endsWith("_sum")) {
            point(base(labels, "_sum"), timeMs).sum = value;
        }
    }

    private static Labels base(Labels labels, String suffix) {
        String name = labels.metric();
        return labels.without(List.of("le")).toBuilder()
                .set(Labels.METRIC, name.substring(0, name.length() - suffix.length()))
                .build();
    }

    private Point point(Labels labels, long timeMs) {
        return points.computeIfAbsent(labels, _ -> new TreeMap<>())
                .computeIfAbsent(timeMs, _ -> new Point());
    }

    void convert(Sink sink) {
        points.forEach((labels, times) ->
                times.forEach((timeMs, point) -> {
                    if (point.cumulative.containsKey(Double.POSITIVE_INFINITY)) {
                        sink.accept(labels, timeMs, histogram(point));
                    }
                }));
    }

    private static NativeHistogram histogram(Point point) {
        int size = point.cumulative.size();
        int[] indexes = new int[size];
        double[] counts = new double[size];
        double before = 0;
        int at = 0;
        for (double count : point.cumulative.values()) {
            indexes[at] = at;
            counts[at++] = count - before;
            before = count;
        }
        double[] bounds =
                point.cumulative.headMap(Double.POSITIVE_INFINITY).keySet().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
        return NativeHistogram.custom(
                CounterReset.UNKNOWN, before, point.sum, bounds, Buckets.of(indexes, counts));
    }
}
