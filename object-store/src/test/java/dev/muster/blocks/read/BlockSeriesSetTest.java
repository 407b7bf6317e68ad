package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.bucket.S3Proxy;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.PlainSource;
import dev.muster.blocks.write.ShipResult;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockSeriesSetTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "x");

    @TempDir Path directory;
    private Bucket bucket;

    @BeforeEach
    void openBucket() throws Exception {
        bucket = Blocks.memory();
    }

    @AfterEach
    void closeBucket() {
        bucket.close();
    }

    /// 200 series of 480 samples: 1,500 pages.
    private static PlainSource many() {
        PlainSource source = new PlainSource();
        for (int s = 0; s < 200; s++) {
            Labels labels =
                    Labels.of("__name__", "m" + s / 20, "job", "x", "instance", "i" + s % 20);
            for (int i = 0; i < 480; i++) {
                source.add(labels, Blocks.START + i * 15_000L, s * 1_000 + i);
            }
        }
        return source;
    }

    @Test
    void isReadByManyThreadsAtATime() throws Exception {
        Blocks.ship(bucket, many(), Blocks.id("h", 0), directory);
        BlockReadConfig tight =
                new BlockReadConfig(
                        1 << 20, 1 << 20, 50_000, 20_000, 10_000, 2, 1_000, 1 << 16, 1 << 16, 10);
        try (SeriesSet set = Blocks.open(bucket, tight).select(Blocks.everything());
                ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Future<Map<Labels, List<String>>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Callable<Map<Labels, List<String>>> read = () -> Answers.of(set);
                answers.add(executor.submit(read));
            }
            Map<Labels, List<String>> expected = Answers.of(many(), Blocks.everything());
            for (Future<Map<Labels, List<String>>> answer : answers) {
                assertThat(answer.get()).isEqualTo(expected);
            }
            assertThat(set.warnings()).isEmpty();
        }
    }

    @Test
    void answersWithoutAnyMemoryForCaches() throws Exception {
        Blocks.ship(bucket, many(), Blocks.id("h", 0), directory);
        BlockReadConfig none = new BlockReadConfig(0, 0, 0, 0, 0, 1, 0, 1 << 16, 0, 10);
        BlockSource source = Blocks.open(bucket, none);

        assertThat(Answers.of(source, Blocks.everything()))
                .isEqualTo(Answers.of(many(), Blocks.everything()));
        assertThat(source.stats().indexes().evictions()).isEqualTo(1);
        assertThat(source.stats().footers().evictions()).isPositive();
        assertThat(source.stats().pages().evictions()).isPositive();
        assertThat(source.stats().indexes().bytes()).isZero();
    }

    @Test
    void fetchesOnlyTheRowsOfTheWantedSeries() throws Exception {
        LocalBlock block =
                new BlockWriter(new BlockWriterConfig(4, 512, 3))
                        .write(Blocks.id("h", 0), many(), directory);
        BlockUpload.ship(bucket, block);
        BlockReadConfig config =
                new BlockReadConfig(
                        1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 4, 256, 1 << 16, 1 << 20, 10);
        BlockSource source = Blocks.open(bucket, config);
        SelectRequest one =
                SelectRequest.of(
                        Blocks.window(0),
                        List.of(
                                LabelMatcher.equal("__name__", "m5"),
                                LabelMatcher.equal("instance", "i7")));
        assertThat(source.select(one.withoutSamples()).size()).isEqualTo(1);
        assertThat(source.stats().fetchedBytes()).isEqualTo(block.seriesBytes());

        assertThat(Answers.of(source, one)).isEqualTo(Answers.of(many(), one));
        long cold = source.stats().fetchedBytes();
        long requests = source.stats().fetches();
        assertThat(cold - block.seriesBytes()).isLessThan(block.samplesBytes() / 2);
        assertThat(requests).isLessThanOrEqualTo(6);
        long decoded = source.stats().decodedSamples();
        assertThat(decoded).isPositive();
        assertThat(source.stats().decodeNanos()).isPositive();
        assertThat(source.stats().fetchNanos()).isPositive();

        Answers.of(source, one);
        assertThat(source.stats().decodedSamples()).isEqualTo(decoded);
        assertThat(source.stats().fetches()).isEqualTo(requests);
        assertThat(source.stats().decoded().hits()).isPositive();
        assertThat(source.stats().pages().hits()).isZero();

        // others of the same page are decoded then, and the page is not fetched again
        SelectRequest more =
                SelectRequest.of(Blocks.window(0), List.of(LabelMatcher.equal("__name__", "m5")));
        assertThat(Answers.of(source, more)).isEqualTo(Answers.of(many(), more));
        assertThat(source.stats().pages().hits()).isPositive();
    }

    @Test
    void joinsWhatSeveralBlocksHoldOfASeries() throws Exception {
        PlainSource left = new PlainSource();
        PlainSource right = new PlainSource();
        for (int i = 0; i < 300; i++) {
            long time = Blocks.START + i * 1_000L;
            if (i < 200) {
                left.add(UP, time, i);
            }
            if (i >= 100 && i % 2 == 0) {
                right.add(UP, time, -1);
            }
        }
        Blocks.ship(bucket, left, Blocks.id("a", 0), directory);
        Blocks.ship(bucket, right, Blocks.id("b", 0), directory);
        PlainSource expected = left;
        right.series().firstEntry().getValue().forEach((t, value) -> expected.add(UP, t, value));

        assertThat(Answers.of(Blocks.open(bucket), Blocks.everything()))
                .isEqualTo(Answers.of(expected, Blocks.everything()));
    }

    @Test
    void appendsToWhatTheCallerHas() throws Exception {
        for (int window = 0; window < 3; window++) {
            PlainSource source = new PlainSource();
            source.add(UP, Blocks.window(window).startMs(), window);
            Blocks.ship(bucket, source, Blocks.id("h", window), directory);
        }
        SampleColumns samples = new SampleColumns();
        samples.append(Long.MAX_VALUE, 42);
        try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything())) {
            set.reader().read(0, samples);
        }

        assertThat(samples.size()).isEqualTo(4);
        assertThat(samples.values()).startsWith(42, 0, 1, 2);
    }

    @Test
    void keepsMarkersAndNansApart() throws Exception {
        PlainSource source = new PlainSource();
        source.add(UP, Blocks.START, Staleness.STALE);
        source.add(UP, Blocks.START + 1, Double.longBitsToDouble(0x7ff8_0000_0000_abcdL));
        Blocks.ship(bucket, source, Blocks.id("h", 0), directory);
        SampleColumns samples = new SampleColumns();
        try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything())) {
            set.reader().read(0, samples);
        }

        assertThat(Double.doubleToRawLongBits(samples.values()[0])).isEqualTo(Staleness.STALE_BITS);
        assertThat(Double.doubleToRawLongBits(samples.values()[1]))
                .isEqualTo(Staleness.NORMAL_NAN_BITS);
    }

    @Test
    void tellsTypeAndUnitOfTheNewestBlock() throws Exception {
        for (int window = 0; window < 2; window++) {
            PlainSource source = new PlainSource();
            source.add(UP, Blocks.window(window).startMs(), 1);
            source.describe(
                    UP, new MetricMetadata(MetricType.values()[window + 1], "u" + window, ""));
            Blocks.ship(bucket, source, Blocks.id("h", window), directory);
        }
        try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything())) {
            assertThat(set.metadata(0)).isEqualTo(new MetricMetadata(MetricType.GAUGE, "u1", ""));
        }
    }

    @Test
    void listsLabels() throws Exception {
        Blocks.ship(bucket, many(), Blocks.id("h", 0), directory);
        BlockSource source = Blocks.open(bucket);

        assertThat(source.labelNames(Blocks.everything()))
                .containsExactly("__name__", "instance", "job");
        assertThat(source.labelValues("__name__", Blocks.everything())).hasSize(10);
    }

    @Test
    void stopsWhenTheBudgetIsUsedUp() throws Exception {
        Blocks.ship(bucket, many(), Blocks.id("h", 0), directory);
        BlockSource source = Blocks.open(bucket);

        assertThatThrownBy(() ->
                        source.select(
                                Blocks.everything().withBudget(new Budget(199, 1 << 30, 1 << 30))))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("series");
        assertThatThrownBy(() ->
                        Answers.of(
                                source,
                                Blocks.everything().withBudget(new Budget(200, 1_000, 1 << 30))))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("samples");
        assertThatThrownBy(() ->
                        Blocks.open(bucket)
                                .select(
                                        Blocks.everything()
                                                .withBudget(new Budget(200, 1 << 30, 100))))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("bytes");
        assertThat(
                        Answers.of(
                                source,
                                Blocks.everything().withBudget(new Budget(200, 96_000, 1 << 30))))
                .hasSize(200);
    }

    private record Budget(AtomicLong series, AtomicLong samples, AtomicLong bytes)
            implements ReadBudget {
        Budget(long series, long samples, long bytes) {
            this(new AtomicLong(series), new AtomicLong(samples), new AtomicLong(bytes));
        }

        private static void charge(String name, AtomicLong left, long amount) {
            if (left.addAndGet(-amount) < 0) {
                throw new BudgetExceededException(name, name);
            }
        }

        @Override
        public void chargeSeries(int count) {
            charge("series", series, count);
        }

        @Override
        public void chargeSamples(int count) {
            charge("samples", samples, count);
        }

        @Override
        public void chargeFetchedBytes(long count) {
            charge("bytes", bytes, count);
        }

        @Override
        public void check() {}
    }

    @Test
    void leavesOutTheOldestBlocksOverItsLimit() throws Exception {
        for (int window = 0; window < 3; window++) {
            PlainSource source = new PlainSource();
            source.add(UP, Blocks.window(window).startMs(), window);
            Blocks.ship(bucket, source, Blocks.id("h", window), directory);
        }
        BlockReadConfig two =
                new BlockReadConfig(
                        1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 4, 256, 1 << 16, 1 << 20, 2);
        try (SeriesSet set = Blocks.open(bucket, two).select(Blocks.everything())) {
            assertThat(Answers.of(set).get(UP)).hasSize(2);
            assertThat(set.warnings())
                    .containsExactly(
                            "the oldest blocks are missing from the answer: count=1, limit=2");
        }
    }

    /// From a source to S3 and back, with a prefix and a name that needs escaping.
    @Test
    void goesThroughS3() throws Exception {
        try (Bucket s3 = Buckets.open(S3Proxy.newBucket("/prod"))) {
            BlockId id = new BlockId("zürich/1", "host:1 ä", Blocks.window(0));
            LocalBlock block =
                    new BlockWriter(new BlockWriterConfig(8, 2_048, 3))
                            .write(id, many(), directory);
            assertThat(BlockUpload.ship(s3, block)).isEqualTo(ShipResult.SHIPPED);
            assertThat(BlockUpload.ship(s3, block)).isEqualTo(ShipResult.PRESENT);
            BlockSource source = Blocks.open(s3);
            for (List<LabelMatcher> matchers :
                    List.of(
                            List.<LabelMatcher>of(),
                            List.of(LabelMatcher.regex("__name__", "m[37]")),
                            List.of(LabelMatcher.equal("instance", "i3")))) {
                SelectRequest request =
                        SelectRequest.of(
                                new TimeRange(Blocks.START + 600_000, Blocks.START + 4_000_000),
                                matchers);
                assertThat(Answers.of(source, request)).isEqualTo(Answers.of(many(), request));
            }
            s3.delete(id.samplesKey());
            try (SeriesSet set = Blocks.open(s3).select(Blocks.everything())) {
                assertThat(set.size()).isZero();
            }
        }
    }

    /// A second node, or the same one after a restart, fetches nothing that is on its disk; what is
    /// damaged there is fetched again.
    @Test
    void takesFromTheDiskWhatItFetchedBefore(@TempDir Path cache) throws Exception {
        Blocks.ship(bucket, many(), Blocks.id("h", 0), directory);
        FaultyBucket counted = new FaultyBucket(bucket);
        Map<Labels, List<String>> expected = Answers.of(Blocks.open(bucket), Blocks.everything());
        try (DiskCache disk = DiskCache.open(cache, 1 << 24)) {
            BlockSource source = onDisk(counted, disk);
            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);
            assertThat(source.stats().fetches()).isPositive();
        }
        try (DiskCache disk = DiskCache.open(cache, 1 << 24)) {
            BlockSource source = onDisk(counted, disk);
            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);
            assertThat(source.stats().fetches()).isZero();
            assertThat(source.stats().disk().hits()).isPositive();
        }
        Path file = cache.resolve("ranges-0.cache");
        byte[] content = Files.readAllBytes(file);
        for (int i = 50; i < content.length; i += 5_000) {
            content[i] ^= 1;
        }
        Files.write(file, content);
        try (DiskCache disk = DiskCache.open(cache, 1 << 24)) {
            BlockSource source = onDisk(counted, disk);
            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);
            assertThat(source.stats().fetches()).isPositive();
        }
    }

    private static BlockSource onDisk(Bucket bucket, DiskCache disk) throws Exception {
        return new BlockSource(bucket, Blocks.catalog(bucket), BlockReadConfig.DEFAULT, disk);
    }
}
