package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a query costs whose blocks were never read before: counted at the bucket, not timed.
class ColdReadTest {
    private static final int BLOCKS = 6;

    @TempDir Path directory;
    private FaultyBucket bucket;

    @BeforeEach
    void ship() throws Exception {
        Bucket inner = Blocks.memory();
        for (int window = 0; window < BLOCKS; window++) {
            Blocks.ship(inner, Blocks.source(window), Blocks.id("h", window), directory);
        }
        bucket = new FaultyBucket(inner);
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    private List<String> ranges() {
        return bucket.requests().stream().filter(one -> one.startsWith("range ")).toList();
    }

    private long mostRequestsOfABlock() {
        return ranges().stream()
                .collect(
                        Collectors.groupingBy(
                                request -> request.replaceAll(".*/", ""), Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /// Which series there are and where pages lie, which one file says, and the pages.
    @Test
    void asksTwiceForABlock() throws Exception {
        BlockSource source = Blocks.open(bucket);
        bucket.forget();

        Answers.of(source, Blocks.everything());

        assertThat(mostRequestsOfABlock()).isLessThanOrEqualTo(2);
        assertThat(ranges()).hasSizeLessThanOrEqualTo(2 * BLOCKS);
    }

    /// What is left are the pages.
    @Test
    void asksOnceForABlockThatWasReadAhead() throws Exception {
        BlockSource source = Blocks.open(bucket);
        source.prefetch(100);
        assertThat(source.stats().prefetched()).isEqualTo(BLOCKS);
        bucket.forget();

        Answers.of(source, Blocks.everything());

        assertThat(mostRequestsOfABlock()).isEqualTo(1);
        assertThat(ranges()).hasSize(BLOCKS);
    }

    /// Noise, which stays large: eight pages of a series.
    private static PlainSource noise(int window) {
        PlainSource source = new PlainSource();
        Random random = new Random(window);
        for (int i = 0; i < 120_000; i++) {
            source.add(
                    Labels.of("__name__", "noise", "job", "web"),
                    Blocks.window(window).startMs() + 60L * i,
                    random.nextDouble());
        }
        return source;
    }

    private void shipNoise(int blocks) throws Exception {
        bucket.close();
        Bucket inner = Blocks.memory();
        for (int window = 0; window < blocks; window++) {
            BlockUpload.ship(
                    inner,
                    new BlockWriter(BlockWriterConfig.DEFAULT)
                            .write(Blocks.id("h", window), noise(window), directory));
        }
        bucket = new FaultyBucket(inner);
    }

    /// @param fetchedBytes what may be on its way
    private static BlockReadConfig narrow(long decodedBytes, long fetchedBytes) {
        return new BlockReadConfig(
                1 << 20, 1 << 20, 0, decodedBytes, 1 << 20, 256, 0, 1 << 16, fetchedBytes, 10);
    }

    /// Pages of one block are asked for without waiting for other pages of it, though the cache of
    /// pages has room for none of them.
    @Test
    void waitsOnceForAllPagesOfABlock() throws Exception {
        shipNoise(1);
        BlockReadConfig config = narrow(1 << 24, 8 << 20);
        Answers.of(Blocks.open(bucket, config), Blocks.everything());
        int pages = (int) ranges().stream().filter(one -> one.contains("/samples/")).count();
        BlockSource source = Blocks.open(bucket, config);
        CountDownLatch asked = new CountDownLatch(pages);
        AtomicBoolean alone = new AtomicBoolean();
        bucket.beforeRange(key -> {
            if (key.contains("/samples/")) {
                asked.countDown();
                if (!inTime(asked)) {
                    alone.set(true);
                }
            }
        });

        source.select(Blocks.everything()).close();

        assertThat(pages).isGreaterThanOrEqualTo(8);
        assertThat(alone).isFalse();
    }

    private static boolean inTime(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// A megabyte of pages that are decoded at once, and room for as much.
    @Test
    void aLargeQueryLeavesMostOfTheMemoryForPagesToOthers() throws Exception {
        shipNoise(1);
        Map<Labels, List<String>> expected = Answers.of(Blocks.open(bucket), Blocks.everything());
        BlockSource source = Blocks.open(bucket, BlockReadConfig.DEFAULT.withPageCache(1 << 20));
        long before = source.stats().fetchedBytes();

        assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);

        assertThat(source.stats().fetchedBytes() - before).isGreaterThan(800_000);
        assertThat(source.stats().pages().bytes()).isBetween(100_000L, (1L << 18) + 10_000);
    }

    /// What was fetched and found no room once decoded is not fetched again.
    @Test
    void keepsPagesThatItDidNotDecode() throws Exception {
        shipNoise(1);
        BlockSource source =
                Blocks.open(
                        bucket,
                        BlockReadConfig.DEFAULT.withDecodedCache(300_000).withPageCache(2 << 20));
        bucket.forget();

        Answers.of(source, Blocks.everything());

        assertThat(ranges().stream().filter(one -> one.contains("/samples/"))).hasSize(1);
    }

    /// Some decode ahead and some when they read, and hardly anything may be on its way: nobody
    /// waits for somebody who waits for him.
    @Test
    void answersWhereHardlyAnythingMayBeOnItsWay() throws Exception {
        shipNoise(3);
        Map<Labels, List<String>> expected = Answers.of(Blocks.open(bucket), Blocks.everything());
        BlockSource source = Blocks.open(bucket, narrow(300_000, 1 << 17));
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Future<Map<Labels, List<String>>>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                answers.add(executor.submit(() -> Answers.of(source, Blocks.everything())));
            }
            for (Future<Map<Labels, List<String>>> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
        assertThat(source.stats().bytesOnTheWay()).isZero();
    }

    @Test
    void readsTheNewestBlocksAheadOnce() throws Exception {
        BlockSource source = Blocks.open(bucket);
        bucket.forget();
        source.prefetch(2);

        assertThat(ranges())
                .allMatch(request ->
                        request.contains("" + Blocks.window(BLOCKS - 1).startMs())
                                || request.contains("" + Blocks.window(BLOCKS - 2).startMs()));
        bucket.forget();
        source.prefetch(2);
        source.prefetch(0);

        assertThat(ranges()).isEmpty();
        assertThat(source.stats().prefetched()).isEqualTo(2);
    }

    @Test
    void readsNothingAheadWithoutMemoryForIt() throws Exception {
        BlockSource source = Blocks.open(bucket, BlockReadConfig.DEFAULT.withIndexCache(0));
        bucket.forget();

        source.prefetch(100);

        assertThat(bucket.requests()).isEmpty();
    }

    @Test
    void countsWhatCannotBeReadAhead() throws Exception {
        BlockSource source = Blocks.open(bucket);
        bucket.fail(0, 2, BucketException.Kind.REFUSED);

        source.prefetch(100);

        assertThat(source.stats().prefetchesFailed()).isEqualTo(2);
        assertThat(source.stats().prefetched()).isEqualTo(BLOCKS - 2);
        assertThat(Answers.of(source, Blocks.everything()))
                .isEqualTo(Answers.of(Blocks.open(bucket), Blocks.everything()));
    }

    @Test
    void askedAgainNeedsNoRequest() throws Exception {
        BlockSource source = Blocks.open(bucket);
        Answers.of(source, Blocks.everything());
        bucket.forget();

        Answers.of(source, Blocks.everything());

        assertThat(ranges()).isEmpty();
    }

    /// Pages are decoded while other blocks are waited for: a reader only copies.
    @Test
    void hasDecodedWhatIsWantedBeforeItIsRead() throws Exception {
        BlockSource source = Blocks.open(bucket);
        try (SeriesSet set = source.select(Blocks.everything())) {
            long misses = source.stats().decoded().misses();
            long entries = source.stats().decoded().entries();
            bucket.forget();

            Answers.of(set);

            assertThat(entries).isGreaterThanOrEqualTo(BLOCKS);
            assertThat(source.stats().decoded().misses()).isEqualTo(misses);
            assertThat(bucket.requests()).isEmpty();
        }
    }

    private BlockSource withDisk(DiskCache disk) throws Exception {
        return new BlockSource(bucket, Blocks.catalog(bucket), BlockReadConfig.DEFAULT, disk);
    }

    @Test
    void aRestartedNodeNeedsNoRequestForWhatItsDiskHas() throws Exception {
        Map<Labels, List<String>> expected;
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            expected = Answers.of(withDisk(disk), Blocks.everything());
        }
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            BlockSource source = withDisk(disk);
            bucket.forget();

            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);
            assertThat(ranges()).isEmpty();
            assertThat(source.stats().disk().damaged()).isZero();
        }
    }

    /// What was decoded is on the disk as it lies in memory: neither bucket nor pages are needed.
    @Test
    void aRestartedNodeDecodesNothingThatItsDiskHas() throws Exception {
        Map<Labels, List<String>> expected;
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            expected = Answers.of(withDisk(disk), Blocks.everything());
            long endNanos = System.nanoTime() + 20_000_000_000L;
            while (rowsOn(disk) < BLOCKS) {
                assertThat(System.nanoTime()).isLessThan(endNanos);
                Thread.onSpinWait();
            }
        }
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            BlockSource source = withDisk(disk);
            bucket.forget();

            assertThat(Answers.of(source, Blocks.everything())).isEqualTo(expected);
            assertThat(ranges()).isEmpty();
            assertThat(source.stats().pages().misses()).isZero();
        }
    }

    private long rowsOn(DiskCache disk) throws Exception {
        long found = 0;
        for (BlockEntry entry : Blocks.catalog(bucket).blocks(Blocks.everything().range())) {
            KeptRows kept = new KeptRows(disk);
            PageKey key =
                    new PageKey(entry.samples().key(), entry.samples().etag(), firstTimes(entry));
            found += kept.find(key) == null ? 0 : 1;
        }
        return found;
    }

    private long firstTimes(BlockEntry entry) throws Exception {
        AtomicLong offset = new AtomicLong();
        SeriesIndexBuilder.read(
                bucket.range(entry.series().key(), 0, (int) entry.series().sizeBytes()),
                new SeriesTables(),
                (_, kind, layout) -> {
                    if (kind == TableLayout.Kind.SAMPLES) {
                        offset.set(layout.column("ts").offset(0));
                    }
                });
        return offset.get();
    }

    /// Series that stay the same are on the disk once; for each block, where their samples are, and
    /// where the pages.
    @Test
    void keepsTheSameSeriesOnDiskOnce() throws Exception {
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            withDisk(disk).select(Blocks.everything().withoutSamples()).close();

            assertThat(disk.stats().entries()).isEqualTo(2 * BLOCKS + 1);
        }
    }

    /// Whatever is flipped or torn on the disk, the answer is that of the bucket.
    @Test
    void fetchesAnewWhatTheDiskHasDamaged() throws Exception {
        Map<Labels, List<String>> expected;
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            expected = Answers.of(withDisk(disk), Blocks.everything());
        }
        Path file = directory.resolve("disk").resolve("ranges-0.cache");
        byte[] whole = Files.readAllBytes(file);
        long damaged = 0;
        for (int i = 0; i < whole.length; i += 1 + whole.length / 150) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            damaged += checkDamaged(flipped, expected, "flipped at " + i);
            checkDamaged(Arrays.copyOf(whole, i), expected, "cut at " + i);
        }
        assertThat(damaged).isPositive();
    }

    private long checkDamaged(byte[] content, Map<Labels, List<String>> expected, String what)
            throws Exception {
        Path other = Files.createTempDirectory(directory, "damaged");
        Files.write(other.resolve("ranges-0.cache"), content);
        try (DiskCache disk = DiskCache.open(other, 1 << 24)) {
            assertThat(Answers.of(withDisk(disk), Blocks.everything()))
                    .as(what)
                    .isEqualTo(expected);
            return disk.stats().damaged();
        }
    }

    /// What a later version of this program wrote under the same name, by mistake.
    @Test
    void fetchesAnewWhatItCannotRead() throws Exception {
        try (DiskCache disk = DiskCache.open(directory.resolve("disk"), 1 << 24)) {
            BlockEntry entry =
                    Blocks.catalog(bucket).blocks(Blocks.everything().range()).getFirst();
            String name = "index-2 " + entry.series().etag() + " " + entry.series().key();
            disk.put(name, new byte[] {1, 2, 3});
            Map<Labels, List<String>> expected =
                    Answers.of(Blocks.open(bucket), Blocks.everything());

            assertThat(Answers.of(withDisk(disk), Blocks.everything())).isEqualTo(expected);
            assertThat(disk.stats().damaged()).isEqualTo(1);
            assertThat(disk.find(name)).hasSizeGreaterThan(3);
        }
    }

    /// The client has left: nothing more is decoded.
    @Test
    void stopsDecodingAheadWhenTheQueryMustStop() throws Exception {
        BlockSource source = Blocks.open(bucket);
        Answers.of(source, Blocks.everything());
        long decoded = source.stats().decoded().entries();
        BlockSource fresh = Blocks.open(bucket);

        assertThatThrownBy(() -> fresh.select(Blocks.everything().withBudget(new Leaving())))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(fresh.stats().decoded().entries()).isZero();
        assertThat(decoded).isPositive();
    }

    /// Is there until it has fetched something.
    private static final class Leaving implements ReadBudget {
        private volatile boolean left;

        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long count) {}

        @Override
        public void chargeMemory(long bytes) {
            left = true;
        }

        @Override
        public void check() {
            if (left) {
                throw new BudgetExceededException("left", "left");
            }
        }
    }

    @Test
    void chargesThePlanOfAQueryUntilItEnds() throws Exception {
        Memory memory = new Memory(new AtomicLong());
        SelectRequest request = Blocks.everything().withBudget(memory);
        BlockSource source = Blocks.open(bucket, BlockReadConfig.DEFAULT.withDecodedCache(0));

        try (SeriesSet set = source.select(request)) {
            assertThat(set.size()).isEqualTo(3);
            assertThat(memory.bytes.get()).isGreaterThan(BLOCKS * 200L);
        }
        assertThat(memory.bytes.get()).isZero();
    }

    private record Memory(AtomicLong bytes) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long count) {}

        @Override
        public void chargeMemory(long count) {
            bytes.addAndGet(count);
        }

        @Override
        public void releaseMemory(long count) {
            bytes.addAndGet(-count);
        }

        @Override
        public void check() {}
    }
}
