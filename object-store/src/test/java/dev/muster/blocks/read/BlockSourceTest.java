package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.blocks.write.ShipResult;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSourceTest {
    private static final long START = 1_795_348_800_000L;
    private static final long WINDOW = 7_200_000L;

    @TempDir Path directory;

    /// Random series over three windows and two hosts, asked in random ways, against plain maps.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAsPlainMapsDo(int number) throws Exception {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        PlainSource plain = randomSource(random);
        BlockWriterConfig small =
                new BlockWriterConfig(1 + random.nextInt(4), 64 + random.nextInt(200), 3);
        try (Bucket bucket = Buckets.open(BucketConfig.of("memory:"))) {
            for (int window = 0; window < 3; window++) {
                TimeRange range =
                        new TimeRange(START + window * WINDOW, START + (window + 1) * WINDOW);
                BlockId id = new BlockId("c", "h", range);
                assertThat(
                                BlockUpload.ship(
                                        bucket, new BlockWriter(small).write(id, plain, directory)))
                        .isEqualTo(ShipResult.SHIPPED);
            }
            BlockSource source = source(bucket);
            for (int i = 0; i < 60; i++) {
                SelectRequest request = SelectRequest.of(randomRange(random), matchers(random));
                assertThat(Answers.of(source, request))
                        .as("seed=%d request=%s", seed, request)
                        .isEqualTo(Answers.of(plain, request));
            }
        }
    }

    private static PlainSource randomSource(Random random) {
        PlainSource plain = new PlainSource();
        for (int s = 0; s < 40; s++) {
            Labels.Builder labels = Labels.builder();
            if (random.nextInt(20) > 0) {
                labels.set("__name__", "metric_" + random.nextInt(6));
            }
            for (String name : List.of("job", "instance", "path", "ü", "service", "host")) {
                if (random.nextInt(3) > 0) {
                    labels.set(name, name.charAt(0) + "" + random.nextInt(3));
                }
            }
            Labels built = labels.build();
            long step = 1L + random.nextInt(60_000);
            long time = START + random.nextInt((int) WINDOW);
            long end = time + random.nextLong(3 * WINDOW);
            double value = random.nextInt(100);
            for (; time < Math.min(end, START + 3 * WINDOW); time += step) {
                value =
                        switch (random.nextInt(30)) {
                            case 0 -> Double.NaN;
                            case 1 -> Double.POSITIVE_INFINITY;
                            case 2 -> random.nextGaussian();
                            case 3 -> -0.0;
                            default -> Double.isFinite(value) ? value + random.nextInt(2) : 1;
                        };
                plain.add(built, time, random.nextInt(25) == 0 ? Staleness.STALE : value);
                step = random.nextInt(50) == 0 ? 1L + random.nextInt(60_000) : step;
            }
        }
        return plain;
    }

    private static TimeRange randomRange(Random random) {
        long start = START - WINDOW + random.nextLong(5 * WINDOW);
        return new TimeRange(start, start + 1 + random.nextLong(3 * WINDOW));
    }

    private static List<LabelMatcher> matchers(Random random) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String name =
                    List.of("__name__", "job", "instance", "path", "ü", "gone")
                            .get(random.nextInt(6));
            String value =
                    name.equals("__name__")
                            ? "metric_" + random.nextInt(7)
                            : random.nextInt(6) == 0 ? "" : name.charAt(0) + "" + random.nextInt(4);
            matchers.add(
                    switch (random.nextInt(4)) {
                        case 0 -> LabelMatcher.equal(name, value);
                        case 1 -> LabelMatcher.notEqual(name, value);
                        case 2 -> LabelMatcher.regex(name, value + "|.*1");
                        default -> LabelMatcher.notRegex(name, ".*[" + random.nextInt(3) + "4]");
                    });
        }
        return matchers;
    }

    static BlockSource source(Bucket bucket) throws Exception {
        return source(bucket, BlockReadConfig.DEFAULT);
    }

    static BlockSource source(Bucket bucket, BlockReadConfig config) throws Exception {
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket,
                        CatalogConfig.DEFAULT,
                        () -> Instant.ofEpochMilli(START + 4 * WINDOW));
        catalog.refresh();
        return new BlockSource(bucket, catalog, config);
    }

    @Test
    void givesNothingWhereNothingIs() throws Exception {
        try (Bucket bucket = Buckets.open(BucketConfig.of("memory:"));
                SeriesSet set =
                        source(bucket)
                                .select(
                                        SelectRequest.of(
                                                new TimeRange(START, START + 1), List.of()))) {
            assertThat(set.size()).isZero();
            assertThat(set.warnings()).isEmpty();
        }
    }
}
