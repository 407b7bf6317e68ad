package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.HostLikeSource;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Time to select and read series of many blocks, cold and warm: a main of its own, because what is
/// cold must be cold. `BlockScanBenchmark DIRECTORY [SHAPE [RUNS [THREADS]]]`; the blocks are made
/// once.
public final class BlockScanBenchmark {
    private static final long START = Blocks.START;
    private static final int PER_METRIC = 100;

    private BlockScanBenchmark() {}

    /// Blocks of one host.
    private enum Shape {
        /// 10,000 series at 15 s for a day.
        DAY(10_000, 480, 15_000, 12),
        /// 1,000 series at 60 s for 30 days.
        MONTH(1_000, 120, 60_000, 360),
        /// 100,000 series at 15 s for an hour.
        WIDE(100_000, 240, 15_000, 1);

        private final int series;
        private final int samples;
        private final long stepMs;
        private final int windows;

        Shape(int series, int samples, long stepMs, int windows) {
            this.series = series;
            this.samples = samples;
            this.stepMs = stepMs;
            this.windows = windows;
        }

        TimeRange window(int number) {
            long length = samples * stepMs;
            return new TimeRange(START + number * length, START + (number + 1) * length);
        }

        TimeRange all() {
            return new TimeRange(START, window(windows - 1).endMs());
        }
    }

    private record Query(String name, List<LabelMatcher> matchers) {}

    private static final List<Query> QUERIES =
            List.of(
                    new Query("no series", List.of(LabelMatcher.equal("__name__", "absent"))),
                    new Query(
                            "1 series",
                            List.of(
                                    LabelMatcher.equal("__name__", "node_005_total"),
                                    LabelMatcher.equal("device", "d07"))),
                    new Query(
                            "1 metric, 100 series",
                            List.of(LabelMatcher.equal("__name__", "node_003_total"))),
                    new Query("all series", List.of()));

    /// @throws IOException if the directory cannot be used
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        int runs = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        for (Shape shape : Shape.values()) {
            if (args.length < 2 || args[1].equals("all") || args[1].equals(shape.name())) {
                run(shape, directory.resolve(shape.name().toLowerCase(Locale.ROOT)), runs, threads);
            }
        }
    }

    private static void run(Shape shape, Path directory, int runs, int threads)
            throws IOException, InterruptedException {
        Path blocks = Files.createDirectories(directory);
        try (Bucket bucket = Buckets.open(BucketConfig.of(blocks.toUri().toString()))) {
            make(shape, bucket);
            BlockCatalog catalog =
                    new BlockCatalog(
                            bucket,
                            new CatalogConfig(Duration.ofDays(60), 2, 2, 100_000),
                            () -> Instant.ofEpochMilli(shape.all().endMs()));
            catalog.refresh();
            System.out.printf(
                    "%s: %d blocks, %.1f MB%n",
                    shape, catalog.stats().blocks(), catalog.stats().sizeBytes() / 1e6);
            for (Query query : QUERIES) {
                measure(shape, bucket, catalog, query, runs, threads);
            }
        }
    }

    private static void make(Shape shape, Bucket bucket) throws IOException {
        for (int window = 0; window < shape.windows; window++) {
            BlockId id = new BlockId("c1", "h", shape.window(window));
            if (bucket.stat(id.seriesKey()).isEmpty()) {
                HostLikeSource source =
                        new HostLikeSource(
                                shape.series,
                                PER_METRIC,
                                shape.samples,
                                id.range().startMs(),
                                shape.stepMs);
                Path local = Files.createTempDirectory("scan");
                BlockUpload.ship(
                        bucket,
                        new BlockWriter(BlockWriterConfig.DEFAULT).write(id, source, local));
            }
        }
    }

    private static void measure(
            Shape shape, Bucket bucket, BlockCatalog catalog, Query query, int runs, int threads)
            throws IOException, InterruptedException {
        double[] cold = new double[runs];
        double[] selects = new double[runs];
        double[] warm = new double[runs];
        long samples = 0;
        BlockReadStats stats = null;
        for (int run = 0; run < runs; run++) {
            BlockSource source = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
            double[] times = {0, 0};
            samples = read(source, shape, query, threads, times);
            cold[run] = times[1];
            for (int i = 0; i < 3; i++) {
                long again = read(source, shape, query, threads, times);
                if (again != samples) {
                    throw new IllegalStateException("samples must be the same: " + again);
                }
                selects[run] = times[0];
                warm[run] = times[1];
            }
            stats = source.stats();
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,d | %.1f | %.1f | %.1f | %.1f | %s%n",
                shape,
                query.name,
                samples,
                median(cold),
                median(warm),
                median(selects),
                samples == 0 ? 0 : median(warm) * 1e6 / samples,
                stats);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// @param times to set: milliseconds until the set was there, and until all was read
    private static long read(
            BlockSource source, Shape shape, Query query, int threads, double[] times)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        AtomicLong samples = new AtomicLong();
        try (SeriesSet set = source.select(SelectRequest.of(shape.all(), query.matchers))) {
            times[0] = (System.nanoTime() - start) / 1e6;
            AtomicInteger morsel = new AtomicInteger();
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(Thread.ofPlatform().start(() -> samples.addAndGet(scan(set, morsel))));
            }
            for (Thread worker : workers) {
                worker.join();
            }
            if (!set.warnings().isEmpty()) {
                throw new IllegalStateException(set.warnings().getFirst());
            }
        }
        times[1] = (System.nanoTime() - start) / 1e6;
        return samples.get();
    }

    private static long scan(SeriesSet set, AtomicInteger morsel) {
        SampleReader reader = set.reader();
        SampleColumns columns = new SampleColumns();
        long samples = 0;
        try {
            for (int at = 64 * morsel.getAndIncrement();
                    at < set.size();
                    at = 64 * morsel.getAndIncrement()) {
                for (int i = at; i < Math.min(at + 64, set.size()); i++) {
                    columns.clear();
                    reader.read(i, columns);
                    samples += columns.size();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return samples;
    }
}
