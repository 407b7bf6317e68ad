package dev.muster.blocks.read;

import dev.muster.blocks.write.PlainSource;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;

/// Samples of every kind for tests.
final class RichBlocks {
    private RichBlocks() {}

    /// Beside those of [Blocks#source]: histograms with a staleness marker and a number among them,
    /// one that is steady, one with bounds of its own; start times that stay, that change, and
    /// none.
    static PlainSource source(int window) {
        PlainSource source = Blocks.source(window);
        Labels steady = Labels.of("__name__", "latency", "job", "web");
        Labels odd = Labels.of("__name__", "odd", "job", "web");
        Labels custom = Labels.of("__name__", "size", "job", "web");
        Labels counter = Labels.of("__name__", "requests_total", "job", "web", "path", "/a");
        Labels restarted = Labels.of("__name__", "restarts_total", "job", "web");
        source.describe(
                steady, new MetricMetadata(MetricType.HISTOGRAM, "seconds", "How long it took."));
        long start = Blocks.window(window).startMs();
        for (int i = 0; i < 100; i++) {
            long time = start + i * 15_000L;
            source.add(steady, time, exponential(3, i)).start(steady, time, start - 5);
            source.start(counter, time, start - 9);
            source.add(restarted, time, i % 30).start(restarted, time, start + i / 30 * 450_000L);
            source.add(custom, time, custom(i));
            if (i % 10 == 4) {
                source.add(odd, time, i == 44 ? Staleness.STALE : i);
            } else {
                source.add(odd, time, exponential(i % 5 - 2, i * 7 % 40)).start(odd, time, i % 2);
            }
        }
        return source;
    }

    private static NativeHistogram exponential(int schema, int count) {
        int[] indexes = new int[1 + count % 7];
        double[] counts = new double[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = 2 * i - 3;
            counts[i] = count + i;
        }
        Buckets buckets = Buckets.of(indexes, counts);
        return NativeHistogram.exponential(
                schema,
                CounterReset.UNKNOWN,
                schema == 3 ? 1e-128 : 0.5,
                count / 4.0,
                count,
                Math.sin(count),
                buckets,
                count % 3 == 0 ? buckets : Buckets.NONE);
    }

    private static NativeHistogram custom(int count) {
        return NativeHistogram.custom(
                CounterReset.GAUGE,
                count,
                -count,
                count < 50 ? new double[] {-1, 0, 2.5} : new double[] {},
                Buckets.of(
                        count < 50 ? new int[] {0, 3} : new int[] {0},
                        new double[] {count, 1},
                        count < 50 ? 2 : 1));
    }
}
