package dev.muster.bench;

import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.query.api.BenchRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Times the queries of [BenchQuery] in a process whose code is compiled, with caches of blocks as
/// they are when a process begins. `STORE END_MS SCALE LATENCY_MS RUNS FILTER SCRATCH`, where the
/// store is a directory, or `s3://BUCKET` of the service of which the system properties
/// `bench.s3.endpoint`, `.access` and `.secret` say address and keys.
///
/// Each run makes what a query node makes at its start, over a bucket that keeps each request
/// waiting: *cold* has nothing, *read ahead* knows which series blocks have, *disk* has the
/// directory that a process before left, *warm* is the second answer of the same.
///
/// Times are those of a client over loopback that reads the whole answer; *evaluated* is when the
/// last of its panels was, before its JSON was written. CPU is all of this process, client
/// included.
final class ColdBench implements AutoCloseable {
    private static final int WARM_UPS = Integer.getInteger("bench.warmups", 16);

    /// What is measured beside *cold* and *warm*.
    private static final List<String> KINDS =
            List.of(System.getProperty("bench.kinds", "ahead,disk").split(","));

    private static final String COLUMNS =
            "| query | reads | warm, ms | cold, ms | cold / warm | read ahead / warm | disk / warm"
                + " | evaluated warm, ms | evaluated cold, ms | cold / warm | read ahead / warm |"
                + " disk / warm | CPU warm, ms | CPU cold, ms | CPU read ahead, ms | CPU with its"
                + " disk, ms | requests, cold | trips, cold | MB, cold |\n";

    private final SlowBucket bucket;
    private final BlockCatalog catalog;
    private final Path scratch;
    private final BenchRoutes routes;
    private final ExecutorService threads = Executors.newFixedThreadPool(20);

    private ColdBench(SlowBucket bucket, BlockCatalog catalog, Path scratch)
            throws InterruptedException {
        routes = new BenchRoutes();
        this.bucket = bucket;
        this.catalog = catalog;
        this.scratch = scratch;
    }

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException {
        long endMs = Long.parseLong(arguments[1]);
        List<BenchQuery> queries =
                BenchQuery.all(BenchSet.all(endMs, Double.parseDouble(arguments[2]))).stream()
                        .filter(query -> query.name().matches(arguments[5]))
                        .toList();
        int runs = Integer.parseInt(arguments[4]);
        SlowBucket bucket =
                new SlowBucket(
                        Buckets.open(store(arguments[0])),
                        Duration.ofMillis(Long.parseLong(arguments[3])));
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket,
                        new CatalogConfig(Duration.ofDays(60), 2, 2, 1_000_000),
                        () -> Instant.ofEpochMilli(endMs));
        catalog.refresh();
        try (ColdBench bench = new ColdBench(bucket, catalog, Path.of(arguments[6]))) {
            print(COLUMNS + "|---|---|" + "---|".repeat(17) + "\n");
            // in turn, so that what one query compiled for itself alone is made anew for all
            for (int round = 0; round < WARM_UPS; round++) {
                for (BenchQuery query : queries) {
                    bench.round(query, new Row());
                }
            }
            for (BenchQuery query : queries) {
                bench.measure(query, runs);
            }
        }
    }

    private static BucketConfig store(String text) {
        return text.startsWith("s3://")
                ? BucketConfig.of(text)
                        .withEndpoint(System.getProperty("bench.s3.endpoint", ""), "us-east-1")
                        .withCredentials(
                                System.getProperty("bench.s3.access", ""),
                                System.getProperty("bench.s3.secret", ""))
                : BucketConfig.of(Path.of(text).toUri().toString());
    }

    private static final class Times {
        private final List<Double> wholeMs = new ArrayList<>();
        private final List<Double> evaluatedMs = new ArrayList<>();
        private final List<Double> cpuMs = new ArrayList<>();
        private long requests;
        private long bytes;
        private int trips;

        double whole() {
            return median(wholeMs);
        }

        double evaluated() {
            return median(evaluatedMs);
        }

        double cpu() {
            return median(cpuMs);
        }

        private static double median(List<Double> all) {
            double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
        }
    }

    /// What was measured of one query.
    private static final class Row {
        private final Times warm = new Times();
        private final Times cold = new Times();
        private final Times listed = new Times();
        private final Times disk = new Times();
    }

    private void round(BenchQuery query, Row row)
            throws IOException, InterruptedException, ExecutionException {
        if (KINDS.contains("ahead")) {
            BlockSource known = source(null);
            known.prefetch(10_000);
            ask(known, query, row.listed);
        }
        BlockSource source = source(null);
        ask(source, query, row.cold);
        ask(source, query, new Times());
        ask(source, query, row.warm);
        if (KINDS.contains("disk")) {
            askWithDisk(query, row.disk);
        }
    }

    private void measure(BenchQuery query, int runs)
            throws IOException, InterruptedException, ExecutionException {
        round(query, new Row());
        Row row = new Row();
        for (int run = 0; run < runs; run++) {
            round(query, row);
        }
        Times warm = row.warm;
        Times cold = row.cold;
        print(
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %,d | %d | %s |%n"
                        .formatted(
                                query.name(),
                                query.shape(),
                                number(warm.whole()),
                                number(cold.whole()),
                                number(cold.whole() / warm.whole()),
                                number(row.listed.whole() / warm.whole()),
                                number(row.disk.whole() / warm.whole()),
                                number(warm.evaluated()),
                                number(cold.evaluated()),
                                number(cold.evaluated() / warm.evaluated()),
                                number(row.listed.evaluated() / warm.evaluated()),
                                number(row.disk.evaluated() / warm.evaluated()),
                                number(warm.cpu()),
                                number(cold.cpu()),
                                number(row.listed.cpu()),
                                number(row.disk.cpu()),
                                cold.requests,
                                cold.trips,
                                number(cold.bytes / 1e6)));
    }

    private void askWithDisk(BenchQuery query, Times times)
            throws IOException, InterruptedException, ExecutionException {
        Path directory = scratch.resolve("disk");
        try (DiskCache left = DiskCache.open(directory, 4L << 30)) {
            ask(source(left), query, new Times());
        }
        try (DiskCache found = DiskCache.open(directory, 4L << 30)) {
            ask(source(found), query, times);
        }
        delete(directory);
    }

    private BlockSource source(@org.jspecify.annotations.Nullable DiskCache disk) {
        return new BlockSource(
                bucket, catalog, BlockReadConfig.ofHeap(Runtime.getRuntime().maxMemory()), disk);
    }

    private void ask(BlockSource source, BenchQuery query, Times times)
            throws IOException, InterruptedException, ExecutionException {
        System.gc();
        bucket.forget();
        routes.read(source);
        long cpu = ProcessCpu.nanos();
        long start = System.nanoTime();
        List<Future<Long>> panels = new ArrayList<>();
        for (String request : query.requests()) {
            Callable<Long> panel = () -> routes.ask(request);
            panels.add(threads.submit(panel));
        }
        for (Future<Long> panel : panels) {
            panel.get();
        }
        times.wholeMs.add((System.nanoTime() - start) / 1e6);
        times.evaluatedMs.add((routes.evaluatedNanos() - start) / 1e6);
        times.cpuMs.add((ProcessCpu.nanos() - cpu) / 1e6);
        times.requests = bucket.requests();
        times.bytes = bucket.bytes();
        times.trips = bucket.trips();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(String text) {
        System.out.print(text);
        System.out.flush();
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    @Override
    public void close() {
        threads.close();
        routes.close();
        bucket.close();
    }
}
