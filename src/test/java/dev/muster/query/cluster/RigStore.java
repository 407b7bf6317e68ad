package dev.muster.query.cluster;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A directory of blocks: some cells and hosts, three windows of an hour each, gaps and resets.
final class RigStore {
    static final long HOUR_MS = 3_600_000;
    static final long START_MS = 490_000 * HOUR_MS;
    static final long END_MS = START_MS + 3 * HOUR_MS;
    static final int CELLS = 2;
    static final int HOSTS = 6;
    private static final int SCRAPE_MS = 30_000;

    private RigStore() {}

    static Bucket open(Path directory) throws IOException {
        return Buckets.open(BucketConfig.of(directory.toUri().toString()));
    }

    static void fill(Path directory, long seed) throws IOException {
        Files.createDirectories(directory);
        try (Bucket bucket = open(directory)) {
            var writer = new BlockWriter(BlockWriterConfig.DEFAULT);
            Path drafts = Files.createTempDirectory(directory.getParent(), "drafts");
            for (int cell = 0; cell < CELLS; cell++) {
                for (int host = 0; host < HOSTS; host++) {
                    MemorySource samples =
                            host("c" + cell, "h" + host, seed * 31 + cell * 7L + host);
                    for (int hour = 0; hour < 3; hour++) {
                        long startMs = START_MS + hour * HOUR_MS;
                        var id =
                                new BlockId(
                                        "c" + cell,
                                        "h" + host,
                                        new TimeRange(startMs, startMs + HOUR_MS));
                        BlockUpload.ship(bucket, writer.write(id, samples, drafts));
                    }
                }
            }
        }
    }

    private static MemorySource host(String cell, String host, long seed) {
        var random = new Random(seed);
        var samples = new MemorySource();
        for (int job = 0; job < 3; job++) {
            for (int path = 0; path < 4; path++) {
                Map<String, String> labels = new TreeMap<>();
                labels.put("cell", cell);
                labels.put("host", host);
                labels.put("job", "job" + job);
                labels.put("path", "/p" + path);
                counter(samples, named("requests_total", labels), random);
                gauge(samples, named("queue", labels), random);
            }
        }
        return samples;
    }

    private static Labels named(String name, Map<String, String> labels) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put(Labels.METRIC, name);
        return Labels.of(all);
    }

    private static void counter(MemorySource samples, Labels labels, Random random) {
        double value = 0;
        for (long ms = START_MS; ms < END_MS; ms += SCRAPE_MS) {
            value = random.nextInt(200) == 0 ? 0 : value + random.nextInt(50);
            if (random.nextInt(40) != 0) {
                samples.add(labels, ms, value);
            }
        }
    }

    private static void gauge(MemorySource samples, Labels labels, Random random) {
        for (long ms = START_MS; ms < END_MS; ms += SCRAPE_MS) {
            if (random.nextInt(40) != 0) {
                samples.add(labels, ms, random.nextInt(1_000) / 8.0);
            }
        }
    }
}
