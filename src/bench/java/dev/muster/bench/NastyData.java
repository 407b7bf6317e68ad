package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes the blocks that nasty queries are asked of: `DIR END_MS HOSTS SERIES_OF_A_HOST DAYS`.
/// Many series over many windows with few samples each, as that is what costs most to hold.
final class NastyData {
    private static final long HOUR_MS = 3_600_000;
    private static final long WINDOW_MS = 6 * HOUR_MS;
    private static final long STEP_MS = HOUR_MS / 2;
    private static final long DENSE_STEP_MS = 60_000;
    private static final int METRICS = 100;

    private NastyData() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long endMs = Math.floorDiv(Long.parseLong(arguments[1]), WINDOW_MS) * WINDOW_MS;
        int hosts = Integer.parseInt(arguments[2]);
        int series = Integer.parseInt(arguments[3]);
        long startMs = endMs - Integer.parseInt(arguments[4]) * 24 * HOUR_MS;
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        Path temporary = directory.resolve("temporary");
        long samples = 0;
        int blocks = 0;
        try (Bucket bucket =
                Buckets.open(
                        BucketConfig.of("file://" + directory.resolve("store").toAbsolutePath()))) {
            for (int host = 0; host < hosts; host++) {
                for (long at = startMs; at < endMs; at += WINDOW_MS) {
                    boolean last = at + WINDOW_MS >= endMs;
                    int number = host;
                    LocalBlock block =
                            writer.write(
                                    new BlockId(
                                            "bench",
                                            "host-" + host,
                                            new TimeRange(at, at + WINDOW_MS)),
                                    request ->
                                            new Window(
                                                    number,
                                                    series,
                                                    request,
                                                    last ? DENSE_STEP_MS : STEP_MS),
                                    temporary);
                    BlockUpload.ship(bucket, block);
                    samples += block.sampleCount();
                    blocks++;
                    for (Path file : block.files()) {
                        Files.delete(file);
                    }
                }
            }
        }
        System.err.printf(
                "%,d series, %,d samples in %,d blocks%n", hosts * series, samples, blocks);
        System.out.println(endMs);
    }

    /// Samples are made when they are read.
    private record Window(int host, int size, SelectRequest request, long stepMs)
            implements SeriesSet {
        @Override
        public Labels labels(int index) {
            return Labels.builder()
                    .set(Labels.METRIC, "nasty_%02d_total".formatted(index * METRICS / size))
                    .set("host", "host-" + host)
                    .set("instance", "10.0.0." + host + ":9100")
                    .set("job", "job-" + index % 7)
                    .set("path", "/api/v1/some/rather/long/path/%05d".formatted(index))
                    .build();
        }

        @Override
        public SampleReader reader() {
            return this::read;
        }

        private void read(int index, SampleColumns into) {
            long end = request.range().endMs();
            long value = (host * 31L + index) * 0x9E3779B97F4A7C15L;
            for (long time = request.range().startMs(); time < end; time += stepMs) {
                value = value * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                boolean counter = index % 2 == 0;
                into.append(time, counter ? time / 1_000.0 * (index + 1) : (value >>> 20) / 1e6);
            }
        }

        @Override
        public void close() {}
    }
}
