package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.compact.Compaction;
import dev.muster.blocks.compact.CompactionConfig;
import dev.muster.blocks.compact.CompactionStats;
import dev.muster.blocks.compact.Pace;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Merges the blocks of a directory as a query node does two hours after the last of them ended,
/// and deletes what was replaced, as it does a day later. `STORE END_MS SCRATCH`; the system
/// properties `bench.level` and `bench.pagerows` say how merged blocks are written, `bench.memory`
/// what a merge may take, in MiB.
final class CompactStore {
    private static final TimeRange EVER = new TimeRange(0, 4_000_000_000_000L);

    private CompactStore() {}

    public static void main(String[] arguments) throws IOException {
        Bucket bucket = Buckets.open(BucketConfig.of(Path.of(arguments[0]).toUri().toString()));
        Instant now = Instant.ofEpochMilli(Long.parseLong(arguments[1])).plus(Duration.ofHours(2));
        long start = System.nanoTime();
        Compaction compaction =
                new Compaction(
                        bucket, config(), List::of, Path.of(arguments[2]), () -> now, Pace.FULL);
        int before = blocks(bucket, now);
        while (compaction.round(catalog(bucket, now).blocks(EVER), (cell, date) -> true)) {}
        new Compaction(
                        bucket,
                        config(),
                        List::of,
                        Path.of(arguments[2]),
                        () -> now.plus(Duration.ofHours(25)),
                        Pace.FULL)
                .sweep(List.of(), (cell, date) -> true);
        CompactionStats stats = compaction.stats();
        if (stats.failures() > 0) {
            throw new IOException("merges failed: count=" + stats.failures());
        }
        System.err.printf(
                Locale.ROOT,
                "merged: merges=%d blocks=%d -> %d MB=%.1f -> %.1f seconds=%.1f cpuSeconds=%.1f%n",
                stats.merges(),
                before,
                blocks(bucket, now),
                stats.bytesIn() / 1e6,
                stats.bytesOut() / 1e6,
                (System.nanoTime() - start) / 1e9,
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                                .getProcessCpuTime()
                        / 1e9);
    }

    private static CompactionConfig config() {
        CompactionConfig standard = CompactionConfig.DEFAULT;
        return new CompactionConfig(
                standard.minAge(),
                standard.grace(),
                standard.maxBytes(),
                Long.getLong("bench.memory", 64) << 20,
                standard.inputs(),
                new BlockWriterConfig(
                        standard.writer().rowGroupPages(),
                        Integer.getInteger("bench.pagerows", standard.writer().pageRows()),
                        Integer.getInteger("bench.level", standard.writer().zstdLevel())));
    }

    private static BlockCatalog catalog(Bucket bucket, Instant now) throws IOException {
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket, new CatalogConfig(Duration.ofDays(60), 2, 2, 1_000_000), () -> now);
        catalog.refresh();
        return catalog;
    }

    private static int blocks(Bucket bucket, Instant now) throws IOException {
        return catalog(bucket, now).blocks(EVER).size();
    }
}
