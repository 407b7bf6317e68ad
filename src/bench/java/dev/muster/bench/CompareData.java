package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The samples of a differential run: a few dozen series over six hours at 15 s, with resets, gaps,
/// pods that change, and values that are no numbers.
///
/// No sample lies at a whole second, and counters are far from zero where a series begins: the left
/// end of ranges, and the way rates reach back to zero, are meant to differ between major versions.
final class CompareData {
    static final long WINDOW_MS = 7_200_000;
    static final int WINDOWS = 3;
    private static final long STEP_MS = 15_000;
    private static final String[] INSTANCES = {"a:80", "b:80", "c:80", "d:80"};
    private static final String[] BOUNDS = {"0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"};

    private final long startMs;
    private final Random random;
    private final List<MemorySource> hosts = List.of(new MemorySource(), new MemorySource());

    private CompareData(long startMs, long seed) {
        this.startMs = startMs;
        random = new Random(seed);
    }

    /// Writes a store and the files for promtool: `CompareData DIR START_MS SEED`.
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        CompareData data =
                new CompareData(Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        data.fill();
        data.ship(directory);
        data.print(directory.resolve("samples.om"));
    }

    private void fill() {
        for (int i = 0; i < INSTANCES.length; i++) {
            Labels base = Labels.of("instance", INSTANCES[i], "job", i < 2 ? "api" : "web");
            // the last one comes late, the third leaves early
            long from = i == 3 ? startMs + 9_000_000 : startMs;
            long to = startMs + WINDOWS * WINDOW_MS - (i == 2 ? 5_000_000 : 0);
            fill(hosts.get(i / 2), base, from + 1_217 + i * 3_111, to, i);
        }
    }

    private void fill(MemorySource into, Labels base, long from, long to, int instance) {
        for (String path : new String[] {"/", "/login", "/api/v1"}) {
            for (String code : new String[] {"200", "404", "500"}) {
                requests(
                        into,
                        with(base, "http_requests_total", "path", path, "code", code),
                        from,
                        to);
            }
            gauge(into, with(base, "queue_length", "path", path), from, to, 12, 1);
        }
        for (String mode : new String[] {"user", "system", "idle"}) {
            counter(into, with(base, "cpu_seconds_total", "mode", mode), from, to, 0.37, false);
        }
        for (String sensor : new String[] {"inlet", "board"}) {
            gauge(into, with(base, "temperature_celsius", "sensor", sensor), from, to, 40, 0.0625);
        }
        gauge(into, with(base, "memory_bytes"), from, to, 1 << 20, 4_096);
        level(into, with(base, "up"), from, to, () -> random.nextInt(50) == 0 ? 0 : 1);
        level(into, with(base, "build_info", "version", "1." + instance / 2), from, to, () -> 1);
        level(into, with(base, "limit_bytes"), from, to, () -> 1 << 30);
        weird(into, base, from, to);
        histogram(into, base, from, to);
    }

    private static Labels with(Labels base, String name, String... more) {
        Labels.Builder builder = base.toBuilder().set(Labels.METRIC, name);
        for (int i = 0; i < more.length; i += 2) {
            builder.set(more[i], more[i + 1]);
        }
        return builder.build();
    }

    /// A counter whose pod changes: one series ends, another begins.
    private void requests(MemorySource into, Labels labels, long from, long to) {
        long change =
                from + (long) ((to - from) * (0.2 + 0.6 * random.nextDouble())) / STEP_MS * STEP_MS;
        counter(into, labels.toBuilder().set("pod", "p-1").build(), from, change, 9, true);
        counter(into, labels.toBuilder().set("pod", "p-2").build(), change + 30_000, to, 9, true);
    }

    private void counter(
            MemorySource into, Labels labels, long from, long to, double rate, boolean whole) {
        double value = 50_000 + random.nextInt(1_000_000);
        double speed = rate * (0.5 + random.nextDouble());
        for (long time = from; time < to; time += STEP_MS) {
            double more = speed * 15 * random.nextDouble();
            value += whole ? Math.floor(more) : Math.round(more * 100) / 100.0;
            if (random.nextInt(400) == 0) {
                value = 30_000 + random.nextInt(9_000);
            }
            if (present()) {
                into.add(labels, time, value);
            }
        }
    }

    private void gauge(
            MemorySource into, Labels labels, long from, long to, double size, double unit) {
        double value = size;
        for (long time = from; time < to; time += STEP_MS) {
            value += size * 0.2 * random.nextGaussian() - 0.05 * (value - size / 2);
            if (present()) {
                into.add(labels, time, Math.round(value / unit) * unit);
            }
        }
    }

    private void level(
            MemorySource into,
            Labels labels,
            long from,
            long to,
            java.util.function.DoubleSupplier level) {
        for (long time = from; time < to; time += STEP_MS) {
            into.add(labels, time, level.getAsDouble());
        }
    }

    private void weird(MemorySource into, Labels base, long from, long to) {
        double[] values = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0,
            -0.0,
            1e-300,
            1e300,
            -5
        };
        for (String kind : new String[] {"nan", "inf", "mixed"}) {
            Labels labels = with(base, "weird", "kind", kind);
            level(
                    into,
                    labels,
                    from,
                    to,
                    switch (kind) {
                        case "nan" -> () -> random.nextBoolean() ? Double.NaN : 7;
                        case "inf" -> () -> random.nextBoolean() ? Double.POSITIVE_INFINITY : 1;
                        default -> () -> values[random.nextInt(values.length)];
                    });
        }
    }

    private void histogram(MemorySource into, Labels base, long from, long to) {
        double[] counts = new double[BOUNDS.length];
        double sum = 70_000;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = 40_000 + 7_000 * i;
        }
        for (long time = from; time < to; time += STEP_MS) {
            int more = random.nextInt(300);
            for (int n = 0; n < more; n++) {
                int bucket = Math.min(random.nextInt(BOUNDS.length), random.nextInt(BOUNDS.length));
                for (int i = bucket; i < counts.length; i++) {
                    counts[i]++;
                }
                sum += bucket / 4.0;
            }
            for (int i = 0; i < counts.length; i++) {
                into.add(with(base, "request_seconds_bucket", "le", BOUNDS[i]), time, counts[i]);
            }
            into.add(with(base, "request_seconds_sum"), time, sum);
            into.add(with(base, "request_seconds_count"), time, counts[counts.length - 1]);
        }
    }

    /// Some scrapes fail, and now and then many in a row do.
    private int missing;

    private boolean present() {
        if (missing > 0) {
            missing--;
            return false;
        }
        int chance = random.nextInt(2_000);
        missing = chance == 0 ? 40 : chance < 40 ? 1 : 0;
        return missing == 0;
    }

    private void ship(Path directory) throws IOException {
        Path temporary = directory.resolve("blocks");
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        try (Bucket bucket =
                Buckets.open(
                        BucketConfig.of("file://" + directory.resolve("store").toAbsolutePath()))) {
            for (int host = 0; host < hosts.size(); host++) {
                for (int window = 0; window < WINDOWS; window++) {
                    TimeRange range =
                            new TimeRange(
                                    startMs + window * WINDOW_MS,
                                    startMs + (window + 1) * WINDOW_MS);
                    BlockId id = new BlockId("bench", "host-" + host, range);
                    BlockUpload.ship(bucket, writer.write(id, hosts.get(host), temporary));
                }
            }
        }
    }

    private void print(Path file) throws IOException {
        try (PrintWriter out =
                new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            for (MemorySource host : hosts) {
                List<Labels> all = new ArrayList<>(host.series().keySet());
                all.sort(null);
                for (Labels labels : all) {
                    host.series()
                            .get(labels)
                            .forEach((time, sample) ->
                                    out.println(OpenMetrics.line(labels, sample.value(), time)));
                }
            }
            out.println("# EOF");
        }
    }
}
