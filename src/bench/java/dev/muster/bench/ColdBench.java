package dev.muster.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.model.time.Steps;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
final class ColdBench implements AutoCloseable {
    private static final int WARM_UPS = Integer.getInteger("bench.warmups", 16);

    /// What is measured beside *cold* and *warm*.
    private static final List<String> KINDS =
            List.of(System.getProperty("bench.kinds", "ahead,disk").split(","));

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final SlowBucket bucket;
    private final BlockCatalog catalog;
    private final Path scratch;
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
    private final ExecutorService threads = Executors.newFixedThreadPool(20);

    private ColdBench(SlowBucket bucket, BlockCatalog catalog, Path scratch) {
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
            print(
                    "| query | reads | warm, ms | cold, ms | cold / warm | read ahead, ms | read"
                        + " ahead / warm | with its disk, ms | disk / warm | CPU warm, ms | CPU"
                        + " cold, ms | CPU read ahead, ms | CPU with its disk, ms | requests, cold"
                        + " | requests, read ahead | MB, cold | requests with its disk | trips,"
                        + " cold | trips, read ahead |\n"
                        + "|---|---|"
                            + "---|".repeat(17)
                            + "\n");
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
        private final List<Double> ms = new ArrayList<>();
        private final List<Double> cpuMs = new ArrayList<>();
        private long requests;
        private long bytes;
        private int trips;

        double wall() {
            return median(ms);
        }

        double cpu() {
            // the system counts it in steps of 10 ms
            return cpuMs.stream().mapToDouble(Double::doubleValue).average().orElse(0);
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
        Times listed = row.listed;
        Times disk = row.disk;
        print(
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %,d | %,d | %s | %,d | %d | %d |%n"
                        .formatted(
                                query.name(),
                                query.shape(),
                                number(warm.wall()),
                                number(cold.wall()),
                                number(cold.wall() / warm.wall()),
                                number(listed.wall()),
                                number(listed.wall() / warm.wall()),
                                number(disk.wall()),
                                number(disk.wall() / warm.wall()),
                                number(warm.cpu()),
                                number(cold.cpu()),
                                number(listed.cpu()),
                                number(disk.cpu()),
                                cold.requests,
                                listed.requests,
                                number(cold.bytes / 1e6),
                                disk.requests,
                                cold.trips,
                                listed.trips));
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
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        List<Future<Boolean>> panels = new ArrayList<>();
        for (String request : query.requests()) {
            Callable<Boolean> panel = () -> answered(source, request);
            panels.add(threads.submit(panel));
        }
        for (Future<Boolean> panel : panels) {
            panel.get();
        }
        times.ms.add((System.nanoTime() - start) / 1e6);
        times.cpuMs.add((SYSTEM.getProcessCpuTime() - cpu) / 1e6);
        times.requests = bucket.requests();
        times.bytes = bucket.bytes();
        times.trips = bucket.trips();
    }

    private boolean answered(BlockSource source, String request)
            throws IOException, QueryException {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : request.substring(request.indexOf('?') + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String query = parameters.get("query");
        if (request.startsWith("/api/v1/query?")) {
            long at = 1_000 * Long.parseLong(parameters.get("time"));
            engine.instant(source, query, at, QueryOptions.DEFAULT);
        } else {
            Steps steps =
                    new Steps(
                            1_000 * Long.parseLong(parameters.get("start")),
                            1_000 * Long.parseLong(parameters.get("end")),
                            1_000 * Long.parseLong(parameters.get("step")));
            engine.range(source, query, steps, QueryOptions.DEFAULT);
        }
        return true;
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
        bucket.close();
    }
}
