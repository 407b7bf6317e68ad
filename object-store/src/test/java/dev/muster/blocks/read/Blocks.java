package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Small blocks for tests.
final class Blocks {
    static final long START = 1_795_348_800_000L;
    static final long WINDOW = 7_200_000L;

    /// Many pages and row groups even where there are few samples.
    static final BlockWriterConfig SMALL = new BlockWriterConfig(2, 64, 3);

    private Blocks() {}

    static Bucket memory() throws IOException {
        return Buckets.open(BucketConfig.of("memory:"));
    }

    static TimeRange window(int number) {
        return new TimeRange(START + number * WINDOW, START + (number + 1) * WINDOW);
    }

    static BlockId id(String host, int window) {
        return new BlockId("c1", host, window(window));
    }

    /// Three series of 100 samples: a counter, a gauge with staleness markers, and noise.
    static PlainSource source(int window) {
        PlainSource source = new PlainSource();
        Labels counter = Labels.of("__name__", "requests_total", "job", "web", "path", "/a");
        Labels gauge = Labels.of("__name__", "temperature", "job", "web", "unit", "°C");
        Labels noise = Labels.of("__name__", "noise", "job", "web");
        source.describe(counter, new MetricMetadata(MetricType.COUNTER, "", ""));
        long start = window(window).startMs();
        for (int i = 0; i < 100; i++) {
            long time = start + i * 15_000L;
            source.add(counter, time, (i % 60) * 3);
            source.add(gauge, time, i % 20 == 7 ? Staleness.STALE : 20 + i % 3);
            source.add(noise, time, Math.sin(i) * 1e5);
        }
        return source;
    }

    static LocalBlock write(PlainSource source, BlockId id, Path directory) throws IOException {
        return new BlockWriter(SMALL).write(id, source, directory);
    }

    static void ship(Bucket bucket, PlainSource source, BlockId id, Path directory)
            throws IOException {
        BlockUpload.ship(bucket, write(source, id, directory));
    }

    static BlockCatalog catalog(Bucket bucket) throws IOException {
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket,
                        new CatalogConfig(Duration.ofDays(2), 1, 1, 1_000),
                        () -> Instant.ofEpochMilli(START + 6 * WINDOW));
        catalog.refresh();
        return catalog;
    }

    static BlockSource open(Bucket bucket) throws IOException {
        return open(bucket, BlockReadConfig.DEFAULT);
    }

    static BlockSource open(Bucket bucket, BlockReadConfig config) throws IOException {
        return new BlockSource(bucket, catalog(bucket), config);
    }

    static SelectRequest everything() {
        return SelectRequest.of(new TimeRange(START, START + 100 * WINDOW), List.of());
    }
}
