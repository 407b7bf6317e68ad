package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.manifest.DayManifest;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.manifest.MergedBlock;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import dev.muster.blocks.schema.MergeName;
import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages that are asked for beside the series, as a manifest says where they are.
class EarlyReadTest {
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("exhaustive");
    private static final int BLOCKS = 4;
    private static final LabelMatcher METRIC = new LabelMatcher.Equal("__name__", "temperature");

    /// The same series, without a name that could be looked up.
    private static final LabelMatcher PATTERN = LabelMatcher.regex("__name__", "temperatur[e]");

    @TempDir Path directory;
    private FaultyBucket bucket;
    private final List<MergedBlock> blocks = new ArrayList<>();

    @BeforeEach
    void merge() throws Exception {
        bucket = new FaultyBucket(Blocks.memory());
        ship();
        commit(UnaryOperator.identity());
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    private static BlockId id(int window) {
        return BlockId.merged(
                "c1",
                new MergeName("0123456789abcde" + window, 1, 1),
                "",
                Blocks.window(window),
                BlockLevel.L1);
    }

    private void ship() throws IOException {
        for (int window = 0; window < BLOCKS; window++) {
            BlockId id = id(window);
            LocalBlock local = Blocks.write(Blocks.source(window), id, directory);
            BlockUpload.ship(bucket, local);
            blocks.add(
                    new MergedBlock(
                            id,
                            bucket.stat(id.seriesKey()).orElseThrow(),
                            bucket.stat(id.samplesKey()).orElseThrow(),
                            List.of(new AgentSpan("h", Blocks.window(window))),
                            local.metrics()));
        }
    }

    /// @param change what the manifest says in the place of what the writer said
    private void commit(UnaryOperator<MetricPlaces> change) throws IOException {
        ManifestStore manifests = new ManifestStore(bucket);
        List<MergedBlock> merged =
                blocks.stream()
                        .map(block ->
                                new MergedBlock(
                                        block.id(),
                                        block.series(),
                                        block.samples(),
                                        block.agents(),
                                        change.apply(block.metrics())))
                        .toList();
        DayManifest now = manifests.load("c1", id(0).date());
        assertThat(manifests.commit(now.next(merged, List.of()))).isTrue();
    }

    private static SelectRequest request(LabelMatcher... matchers) {
        return SelectRequest.of(Blocks.everything().range(), List.of(matchers));
    }

    private Map<Labels, List<String>> expected() throws IOException {
        return Answers.of(Blocks.open(bucket), request(PATTERN));
    }

    private List<String> ranges() {
        return bucket.requests().stream().filter(one -> one.startsWith("range ")).toList();
    }

    @Test
    void aMergedBlockSaysWhereItsMetricsLie() throws Exception {
        for (BlockEntry entry : Blocks.catalog(bucket).blocks(Blocks.everything().range())) {
            for (String metric : List.of("temperature", "noise", "requests_total")) {
                assertThat(entry.metrics().of(metric)).isNotEmpty();
            }
            assertThat(entry.metrics().of("none")).isEmpty();
        }
    }

    @Test
    void answersAsWithoutIt() throws Exception {
        assertThat(expected()).hasSize(1);
        BlockSource source = Blocks.open(bucket);

        assertThat(Answers.of(source, request(METRIC))).isEqualTo(expected());

        assertThat(source.stats().earlyReads()).isEqualTo(BLOCKS);
        awaitNothingHeld(source);
    }

    /// All that a query asks for is asked for at one time: each request waits for all the others.
    @Test
    void waitsOnceForSeriesAndPages() throws Exception {
        BlockSource first = Blocks.open(bucket);
        bucket.forget();
        Answers.of(first, request(METRIC));
        CountDownLatch asked = new CountDownLatch(ranges().size());
        AtomicBoolean alone = new AtomicBoolean();
        BlockSource source = Blocks.open(bucket);
        bucket.beforeRange(key -> {
            asked.countDown();
            if (!inTime(asked)) {
                alone.set(true);
            }
        });

        source.select(request(METRIC)).close();

        assertThat(alone).isFalse();
        assertThat(ranges().size()).isGreaterThanOrEqualTo(2 * BLOCKS);
    }

    private static boolean inTime(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void asksForNothingEarlyThatMayNotBeWanted() throws Exception {
        BlockSource source = Blocks.open(bucket);

        Answers.of(source, request(METRIC, new LabelMatcher.Equal("job", "web")));
        Answers.of(source, request(METRIC));

        assertThat(source.stats().earlyReads()).isZero();
    }

    /// A hint that is wrong costs requests, and changes no answer.
    @Test
    void answersWhereTheManifestIsWrong() throws Exception {
        Map<Labels, List<String>> expected = expected();
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            commit(_ -> wrong(random));
            BlockSource source = Blocks.open(bucket);

            assertThat(Answers.of(source, request(METRIC)))
                    .as("-Dseed=%d", seed)
                    .isEqualTo(expected);
            assertThat(source.stats().blocksFailed()).isZero();
            awaitNothingHeld(source);
        }
    }

    /// What was asked for early and nobody wants comes when it comes.
    private static void awaitNothingHeld(BlockSource source) {
        await().atMost(Duration.ofSeconds(10)).until(() -> source.stats().earlyBytes() == 0);
    }

    private static MetricPlaces wrong(Random random) {
        MetricPlaces.Builder places = new MetricPlaces.Builder();
        List<MetricPlaces.Range> ranges = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            ranges.add(
                    new MetricPlaces.Range(
                            random.nextInt(1 << (2 + random.nextInt(14))),
                            1 + random.nextInt(1 << (1 + random.nextInt(13)))));
        }
        places.add("temperature", ranges);
        return places.build();
    }

    @Test
    void asksAgainForWhatDidNotCome() throws Exception {
        Map<Labels, List<String>> expected = expected();
        for (int through = 0; through < 3 * BLOCKS; through++) {
            BlockSource source = Blocks.open(bucket);
            bucket.fail(through, 1, BucketException.Kind.UNAVAILABLE);

            assertThat(Answers.of(source, request(METRIC))).as("%d", through).isEqualTo(expected);

            bucket.fail(0, 0, BucketException.Kind.UNAVAILABLE);
            awaitNothingHeld(source);
        }
    }

    @Test
    void readsAsEverWhereThereIsNoRoom() throws Exception {
        BlockReadConfig config =
                new BlockReadConfig(
                        1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 256, 0, 1 << 16, 0, 10);
        BlockSource source = Blocks.open(bucket, config);

        assertThat(Answers.of(source, request(METRIC))).isEqualTo(expected());

        assertThat(source.stats().earlyReads()).isZero();
        assertThat(source.stats().earlyReadsRefused()).isEqualTo(BLOCKS);
    }

    /// Many that want the same at one time, of which some come first.
    @Test
    void sharesWhatIsOnItsWay() throws Exception {
        Map<Labels, List<String>> expected = expected();
        for (int round = 0; round < 5; round++) {
            BlockSource source = Blocks.open(bucket);
            try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
                List<Future<Map<Labels, List<String>>>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    answers.add(executor.submit(() -> Answers.of(source, request(METRIC))));
                }
                for (Future<Map<Labels, List<String>>> answer : answers) {
                    assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
                }
            }
            awaitNothingHeld(source);
        }
    }

    /// Of bytes that are asked for early.
    @Test
    void noticesDamageOfWhatCameEarly() throws Exception {
        Map<Labels, List<String>> expected = expected();
        BlockEntry entry = Blocks.catalog(bucket).blocks(Blocks.everything().range()).getFirst();
        MetricPlaces.Range range = entry.metrics().of("temperature").getFirst();
        String key = entry.samples().key();
        byte[] content = bucket.range(key, 0, (int) entry.samples().sizeBytes());
        int noticed = 0;
        for (int i = 0; i < range.sizeBytes(); i += EXHAUSTIVE ? 1 : 13) {
            byte[] flipped = content.clone();
            flipped[(int) range.offset() + i] ^= (byte) (1 << i % 8);
            try (Bucket other = new FlippedBucket(bucket, key, flipped)) {
                BlockSource source = Blocks.open(other);

                Map<Labels, List<String>> answer = Answers.of(source, request(METRIC));

                if (source.stats().blocksFailed() > 0) {
                    noticed++;
                } else {
                    assertThat(answer).as("byte %d", i).isEqualTo(expected);
                }
            }
        }
        assertThat(noticed).isPositive();
    }

    /// Shows another content of one key. What it is made of stays open.
    private record FlippedBucket(Bucket inner, String key, byte[] content) implements Bucket {
        @Override
        public byte[] range(String of, long offset, int length) throws IOException {
            return of.equals(key)
                    ? Arrays.copyOfRange(content, (int) offset, (int) offset + length)
                    : inner.range(of, offset, length);
        }

        @Override
        public PutResult putIfAbsent(String of, Path file) throws IOException {
            return inner.putIfAbsent(of, file);
        }

        @Override
        public PutResult putIfAbsent(String of, byte[] bytes) throws IOException {
            return inner.putIfAbsent(of, bytes);
        }

        @Override
        public Optional<ObjectInfo> stat(String of) throws IOException {
            return inner.stat(of);
        }

        @Override
        public List<ObjectInfo> list(String prefix) throws IOException {
            return inner.list(prefix);
        }

        @Override
        public void delete(String of) throws IOException {
            inner.delete(of);
        }

        @Override
        public String describe() {
            return inner.describe();
        }

        @Override
        public void close() {}
    }

    /// Blocks that a manifest of before names, which says nothing of metrics.
    @Test
    void readsAManifestOfBefore() throws Exception {
        Map<Labels, List<String>> expected = expected();
        commit(_ -> MetricPlaces.NONE);
        BlockSource source = Blocks.open(bucket);

        assertThat(Answers.of(source, request(METRIC))).isEqualTo(expected);
        assertThat(source.stats().earlyReads()).isZero();
    }

    /// A node that is started again knows them from its catalog file.
    @Test
    void theCatalogFileKeepsThem() throws Exception {
        CatalogFile file = new CatalogFile(directory.resolve("catalog"), "memory:");
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket,
                        new CatalogConfig(Duration.ofDays(2), 1, 1, 1_000),
                        () -> Instant.ofEpochMilli(Blocks.START + 6 * Blocks.WINDOW),
                        file);
        catalog.refresh();

        assertThat(file.read().values().stream().flatMap(day -> day.entries().stream()))
                .hasSize(BLOCKS)
                .allMatch(entry -> !entry.metrics().of("temperature").isEmpty())
                .containsExactlyElementsOf(catalog.blocks(Blocks.everything().range()));
    }
}
