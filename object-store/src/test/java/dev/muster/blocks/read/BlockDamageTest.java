package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// One block is sound, the other is damaged in every way: the sound one answers always, the damaged
/// one rightly or with a warning that names it.
@Execution(ExecutionMode.CONCURRENT)
class BlockDamageTest {
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("exhaustive");
    private static final BlockId SOUND = Blocks.id("sound", 0);
    private static final BlockId DAMAGED = Blocks.id("damaged", 1);

    @TempDir Path directory;
    private int checks;
    private byte[] soundSeries = {};
    private byte[] soundSamples = {};
    private byte[] series = {};
    private byte[] samples = {};
    private byte[] hist = {};
    private Map<Labels, List<String>> whole = Map.of();
    private Map<Labels, List<String>> soundOnly = Map.of();

    @BeforeEach
    void writeBlocks() throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, Blocks.source(0), SOUND, directory);
            soundOnly = Answers.of(Blocks.open(bucket), Blocks.everything());
            Blocks.ship(bucket, RichBlocks.source(1), DAMAGED, directory);
            whole = Answers.of(Blocks.open(bucket), Blocks.everything());
            series = content(bucket, DAMAGED.seriesKey());
            samples = content(bucket, DAMAGED.samplesKey());
            hist = content(bucket, DAMAGED.histKey());
            soundSeries = content(bucket, SOUND.seriesKey());
            soundSamples = content(bucket, SOUND.samplesKey());
        }
        assertThat(whole).isNotEqualTo(soundOnly);
    }

    private static byte[] content(Bucket bucket, String key) throws IOException {
        return bucket.range(key, 0, (int) bucket.stat(key).orElseThrow().sizeBytes());
    }

    @Test
    void survivesFlippedBitsOfTheSeriesFile() throws Exception {
        for (int i = 0; i < series.length; i += EXHAUSTIVE ? 1 : 5) {
            check("series byte " + i, flipped(series, i, i % 8), samples);
        }
    }

    @Test
    void survivesFlippedBitsOfTheSamplesFile() throws Exception {
        int bits = EXHAUSTIVE ? 8 : 1;
        for (int i = 0; i < samples.length; i += EXHAUSTIVE ? 1 : 5) {
            for (int bit = 0; bit < bits; bit++) {
                check("samples byte " + i, series, flipped(samples, i, (i + bit) % 8));
            }
        }
    }

    @Test
    void survivesFlippedBitsOfTheFileOfHistograms() throws Exception {
        int bits = EXHAUSTIVE ? 8 : 1;
        for (int i = 0; i < hist.length; i += EXHAUSTIVE ? 1 : 5) {
            for (int bit = 0; bit < bits; bit++) {
                check("hist byte " + i, series, samples, flipped(hist, i, (i + bit) % 8));
            }
        }
    }

    @Test
    void survivesTruncationOfTheFileOfHistograms() throws Exception {
        for (int i = 0; i < hist.length; i += step(hist, i)) {
            check("hist cut at " + i, series, samples, Arrays.copyOf(hist, i));
        }
    }

    @Test
    void noticesHistogramsOfAnotherWrite() throws Exception {
        PlainSource other = RichBlocks.source(1);
        other.start(Labels.of("__name__", "size", "job", "web"), Blocks.window(1).startMs(), 5);
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, other, DAMAGED, directory);
            check("other histograms", series, samples, content(bucket, DAMAGED.histKey()));
        }
    }

    @Test
    void namesABlockWhoseHistogramsVanished() throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, RichBlocks.source(1), DAMAGED, directory);
            bucket.delete(DAMAGED.histKey());

            try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything())) {
                assertThat(set.warnings())
                        .singleElement()
                        .asString()
                        .startsWith(DAMAGED.describe() + " is missing from the answer: was listed");
                assertThat(set.completeness().missingMs()).isEqualTo(DAMAGED.range().lengthMs());
            }
        }
    }

    @Test
    void survivesTruncation() throws Exception {
        for (int i = 0; i < series.length; i += step(series, i)) {
            check("series cut at " + i, Arrays.copyOf(series, i), samples);
        }
        for (int i = 0; i < samples.length; i += step(samples, i)) {
            check("samples cut at " + i, series, Arrays.copyOf(samples, i));
        }
    }

    /// Every length near the end, where the footer is; elsewhere some.
    private static int step(byte[] content, int at) {
        return EXHAUSTIVE || at > content.length - 64 ? 1 : 11;
    }

    @Test
    void survivesRunsOfZerosAndNoise() throws Exception {
        Random random = new Random(Long.getLong("seed", 5));
        for (int round = 0; round < 300; round++) {
            boolean ofHist = random.nextBoolean();
            byte[] damaged = (ofHist ? hist : samples).clone();
            int from = random.nextInt(damaged.length);
            int to = Math.min(damaged.length, from + 1 + random.nextInt(200));
            for (int i = from; i < to; i++) {
                damaged[i] = (byte) (round % 2 == 0 ? 0 : random.nextInt());
            }
            check(
                    "noise round " + round,
                    series,
                    ofHist ? samples : damaged,
                    ofHist ? damaged : hist);
        }
    }

    @Test
    void noticesSamplesOfAnotherWrite() throws Exception {
        PlainSource other = RichBlocks.source(1);
        other.add(Labels.of("__name__", "noise", "job", "web"), Blocks.window(1).endMs() - 1, 5);
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, other, DAMAGED, directory);
            check("other samples", series, content(bucket, DAMAGED.samplesKey()));
        }
    }

    @Test
    void namesABlockThatVanished() throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, Blocks.source(0), SOUND, directory);
            Blocks.ship(bucket, RichBlocks.source(1), DAMAGED, directory);
            BlockCatalog catalog = Blocks.catalog(bucket);
            BlockSource source = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
            bucket.delete(DAMAGED.seriesKey());
            bucket.delete(DAMAGED.samplesKey());

            try (SeriesSet set = source.select(Blocks.everything())) {
                assertThat(Answers.of(set)).isEqualTo(soundOnly);
                assertThat(set.warnings())
                        .singleElement()
                        .asString()
                        .startsWith(DAMAGED.describe() + " is missing from the answer: was listed");
            }
            assertThat(catalog.stats().vanished()).isEqualTo(1);
            assertThat(catalog.stats().blocks()).isEqualTo(1);
            try (SeriesSet set = source.select(Blocks.everything())) {
                assertThat(set.warnings()).hasSize(1);
                assertThat(set.completeness().missingMs()).isEqualTo(DAMAGED.range().lengthMs());
            }
            catalog.refresh();
            try (SeriesSet set = source.select(Blocks.everything())) {
                assertThat(set.warnings()).isEmpty();
                assertThat(set.completeness().missingMs()).isZero();
            }
        }
    }

    @Test
    void namesABlockThatVanishesBetweenIndexAndSamples() throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            Blocks.ship(bucket, Blocks.source(0), SOUND, directory);
            Blocks.ship(bucket, Blocks.source(1), DAMAGED, directory);
            BlockReadConfig noPagesAhead =
                    new BlockReadConfig(
                            1 << 20, 1 << 20, 0, 0, 1 << 20, 4, 0, 1 << 16, 1 << 20, 10);
            BlockSource source = Blocks.open(bucket, noPagesAhead);
            try (SeriesSet set = source.select(Blocks.everything())) {
                bucket.delete(DAMAGED.samplesKey());

                assertThat(Answers.of(set)).isEqualTo(soundOnly);
                assertThat(set.warnings())
                        .singleElement()
                        .asString()
                        .startsWith(DAMAGED.describe());
            }
            assertThat(source.stats().blocksFailed()).isEqualTo(1);
        }
    }

    @Test
    void triesOnceMoreWhatMayHelp() throws Exception {
        try (FaultyBucket bucket = new FaultyBucket(Blocks.memory())) {
            Blocks.ship(bucket, Blocks.source(0), SOUND, directory);
            BlockSource source = Blocks.open(bucket);
            bucket.fail(0, 1, BucketException.Kind.UNAVAILABLE);

            try (SeriesSet set = source.select(Blocks.everything())) {
                assertThat(Answers.of(set)).isEqualTo(soundOnly);
                assertThat(set.warnings()).isEmpty();
            }
            assertThat(source.stats().fetchRetries()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsMissingWhileTheStoreIsAway() throws Exception {
        try (FaultyBucket bucket = new FaultyBucket(Blocks.memory())) {
            Blocks.ship(bucket, Blocks.source(0), SOUND, directory);
            BlockSource source = Blocks.open(bucket);
            bucket.fail(0, 1_000, BucketException.Kind.UNAVAILABLE);

            try (SeriesSet set = source.select(Blocks.everything())) {
                assertThat(Answers.of(set)).isEmpty();
                assertThat(set.warnings()).singleElement().asString().contains("as told");
            }
            bucket.fail(0, 0, BucketException.Kind.UNAVAILABLE);
            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(soundOnly);
        }
    }

    private static byte[] flipped(byte[] content, int at, int bit) {
        byte[] copy = content.clone();
        copy[at] ^= (byte) (1 << bit);
        return copy;
    }

    private void check(String what, byte[] seriesFile, byte[] samplesFile) throws Exception {
        check(what, seriesFile, samplesFile, hist);
    }

    private void check(String what, byte[] seriesFile, byte[] samplesFile, byte[] histFile)
            throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            bucket.putIfAbsent(SOUND.samplesKey(), soundSamples);
            bucket.putIfAbsent(SOUND.seriesKey(), soundSeries);
            bucket.putIfAbsent(DAMAGED.samplesKey(), samplesFile);
            bucket.putIfAbsent(DAMAGED.histKey(), histFile);
            bucket.putIfAbsent(DAMAGED.seriesKey(), seriesFile);
            // pages are copied for the cache of pages, else they are decoded where they came
            BlockReadConfig config =
                    checks++ % 2 == 0
                            ? BlockReadConfig.DEFAULT
                            : BlockReadConfig.DEFAULT.withPageCache(0);
            try (SeriesSet set = Blocks.open(bucket, config).select(Blocks.everything())) {
                Map<Labels, List<String>> answer = Answers.of(set);
                if (set.warnings().isEmpty()) {
                    assertThat(answer).as(what).isEqualTo(whole);
                } else {
                    assertThat(set.warnings())
                            .as(what)
                            .singleElement()
                            .asString()
                            .startsWith(DAMAGED.describe());
                    assertThat(holds(answer, soundOnly)).as(what).isTrue();
                    assertThat(holds(whole, answer)).as(what).isTrue();
                }
            }
        }
    }

    private static boolean holds(Map<Labels, List<String>> all, Map<Labels, List<String>> part) {
        return part.entrySet().stream()
                .allMatch(series ->
                        new HashSet<>(all.getOrDefault(series.getKey(), List.of()))
                                .containsAll(series.getValue()));
    }
}
