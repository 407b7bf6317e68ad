package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Blocks of one day with everything that blocks may have, drawn by a seed: windows that overlap,
/// series of several agents, takeovers, staleness markers, NaN with a payload, histograms, start
/// times, series that end and begin anew.
final class RandomStore {
    /// Midnight of 2026-11-22 UTC.
    static final long DAY = 1_795_305_600_000L;

    static final long HOUR = 3_600_000;
    private static final BlockWriterConfig SMALL = new BlockWriterConfig(2, 64, 3);

    private final Random random;
    private final Path directory;

    RandomStore(long seed, Path directory) {
        random = new Random(seed);
        this.directory = directory;
    }

    /// Ships some blocks.
    void ship(Bucket bucket, int blocks) throws IOException {
        for (int i = 0; i < blocks; i++) {
            BlockId id = id();
            ship(bucket, id, source(id));
        }
    }

    void ship(Bucket bucket, BlockId id, PlainSource source) throws IOException {
        BlockUpload.ship(bucket, new BlockWriter(SMALL).write(id, source, directory));
    }

    private BlockId id() {
        String cell = random.nextInt(4) == 0 ? "c2" : "c1";
        String host = "web-" + random.nextInt(4);
        long hours = random.nextInt(12) * 2L;
        TimeRange range =
                switch (random.nextInt(6)) {
                    case 0 -> range(hours * HOUR + HOUR / 2, HOUR);
                    case 1 -> range(hours * HOUR, 3 * HOUR);
                    case 2 -> range(hours * HOUR + HOUR / 4, HOUR / 12);
                    default -> range(hours * HOUR, 2 * HOUR);
                };
        return random.nextInt(4) == 0
                ? BlockId.taken(cell, host, "web-" + (4 + random.nextInt(2)), range)
                : new BlockId(cell, host, range);
    }

    private static TimeRange range(long fromMs, long lengthMs) {
        return new TimeRange(DAY + fromMs, DAY + fromMs + lengthMs);
    }

    private PlainSource source(BlockId id) {
        PlainSource source = new PlainSource();
        for (Labels labels : series(id)) {
            if (random.nextInt(3) > 0) {
                fill(source, labels, id.range());
            }
        }
        return source;
    }

    private List<Labels> series(BlockId id) {
        List<Labels> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String metric = "metric_" + i;
            all.add(Labels.of("__name__", metric, "job", "a", "path", "/" + random.nextInt(2)));
            all.add(Labels.of("__name__", metric, "host", id.host(), "service", "s" + i % 2));
            all.add(Labels.of("__name__", metric, "host", "elsewhere"));
        }
        all.add(Labels.of("job", "nameless"));
        all.add(Labels.of("__name__", "größe", "job", "ü"));
        return all;
    }

    private void fill(PlainSource source, Labels labels, TimeRange range) {
        boolean hist = labels.metric().endsWith("_3") || labels.metric().endsWith("_4");
        source.describe(
                labels,
                new MetricMetadata(
                        MetricType.COUNTER, "", random.nextBoolean() ? "Says what it is." : ""));
        // ticks that blocks of overlapping windows share
        long stepMs = 60_000;
        int from = random.nextInt(30);
        int to = from + random.nextInt(100);
        for (int i = from; i < to; i++) {
            long timeMs = range.startMs() + i * stepMs;
            if (timeMs >= range.endMs()) {
                return;
            }
            if (hist && random.nextInt(8) > 0) {
                source.add(labels, timeMs, histogram());
            } else {
                source.add(labels, timeMs, value());
            }
            if (random.nextInt(3) == 0) {
                source.start(labels, timeMs, DAY + random.nextInt(3));
            }
        }
    }

    private double value() {
        return switch (random.nextInt(12)) {
            case 0 -> Staleness.STALE;
            case 1 -> Double.longBitsToDouble(0x7ff8_0000_0000_1234L);
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> -0.0;
            default -> random.nextInt(100) / 4.0;
        };
    }

    private NativeHistogram histogram() {
        int count = random.nextInt(50);
        Buckets buckets =
                Buckets.of(
                        new int[] {-3, 2 + count % 5}, new double[] {count, random.nextInt(9)}, 2);
        if (random.nextInt(4) == 0) {
            return NativeHistogram.custom(
                    CounterReset.GAUGE,
                    count,
                    -count,
                    new double[] {-1, 0, 2.5},
                    Buckets.of(new int[] {0, 3}, new double[] {count, 1}, 2));
        }
        return NativeHistogram.exponential(
                count % 3,
                random.nextBoolean() ? CounterReset.UNKNOWN : CounterReset.NOT_RESET,
                0.5,
                count / 4.0,
                count,
                random.nextDouble(),
                buckets,
                count % 3 == 0 ? buckets : Buckets.NONE);
    }
}
