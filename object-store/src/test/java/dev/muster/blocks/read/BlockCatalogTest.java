package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockCatalogTest {
    private static final long DAY = 86_400_000;
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final CatalogConfig CONFIG = new CatalogConfig(Duration.ofDays(5), 1, 1, 100);

    private final Bucket memory;
    private final FaultyBucket bucket;

    BlockCatalogTest() throws IOException {
        memory = Blocks.memory();
        bucket = new FaultyBucket(memory);
    }

    private BlockCatalog catalog(CatalogConfig config) {
        return new BlockCatalog(bucket, config, () -> NOW);
    }

    private static BlockId id(String host, int daysAgo) {
        long start = NOW.toEpochMilli() - daysAgo * DAY;
        return new BlockId("c", host, new TimeRange(start, start + 3_600_000));
    }

    private void put(BlockId id) throws IOException {
        memory.putIfAbsent(id.samplesKey(), new byte[10]);
        memory.putIfAbsent(id.seriesKey(), new byte[5]);
    }

    private static TimeRange days(int from, int to) {
        return new TimeRange(
                NOW.toEpochMilli() - from * DAY, NOW.toEpochMilli() - to * DAY + 3_600_000);
    }

    @Test
    void findsTheBlocksOfARange() throws Exception {
        for (int day = 0; day <= 5; day++) {
            put(id("h", day));
        }
        BlockCatalog catalog = catalog(CONFIG);
        catalog.refresh();

        assertThat(catalog.blocks(days(3, 2)))
                .extracting(BlockEntry::id)
                .containsExactly(id("h", 3), id("h", 2));
        assertThat(catalog.blocks(new TimeRange(0, Long.MAX_VALUE))).hasSize(6);
        assertThat(catalog.blocks(new TimeRange(Long.MIN_VALUE, 5))).isEmpty();
        assertThat(catalog.stats().blocks()).isEqualTo(6);
        assertThat(catalog.stats().sizeBytes()).isEqualTo(6 * 15);
        assertThat(catalog.stats().refreshedMs()).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void ignoresAndCountsHalfBlocksAndUnknownNames() throws Exception {
        put(id("whole", 0));
        memory.putIfAbsent(id("half", 0).samplesKey(), new byte[1]);
        memory.putIfAbsent(id("other-half", 0).seriesKey(), new byte[1]);
        memory.putIfAbsent("v1/series/level=L0/date=2026-11-22/cell=c/notes.txt", new byte[1]);
        memory.putIfAbsent("v1/samples/level=L0/date=2026-11-22/x.parquet", new byte[1]);
        BlockCatalog catalog = catalog(CONFIG);
        catalog.refresh();

        assertThat(catalog.blocks(days(1, 0)))
                .extracting(BlockEntry::id)
                .containsExactly(id("whole", 0));
        assertThat(catalog.stats().halfBlocks()).isEqualTo(2);
        assertThat(catalog.stats().unknownNames()).isEqualTo(2);
    }

    @Test
    void listsRecentDaysEachTimeAndOlderOnesInTurn() throws Exception {
        BlockCatalog catalog = catalog(CONFIG);
        catalog.refresh();
        bucket.forget();

        catalog.refresh();
        List<String> second = bucket.requests();
        bucket.forget();
        catalog.refresh();

        assertThat(second)
                .containsExactly(
                        "list v1/manifest/date=2026-11-23/",
                        "list v1/series/level=L0/date=2026-11-23/",
                        "list v1/samples/level=L0/date=2026-11-23/",
                        "list v1/hist/level=L0/date=2026-11-23/",
                        "list v1/manifest/date=2026-11-22/",
                        "list v1/series/level=L0/date=2026-11-22/",
                        "list v1/samples/level=L0/date=2026-11-22/",
                        "list v1/hist/level=L0/date=2026-11-22/",
                        "list v1/manifest/date=2026-11-20/",
                        "list v1/series/level=L0/date=2026-11-20/",
                        "list v1/samples/level=L0/date=2026-11-20/",
                        "list v1/hist/level=L0/date=2026-11-20/");
        assertThat(bucket.requests()).contains("list v1/series/level=L0/date=2026-11-19/");
    }

    @Test
    void seesWhatCameAndWhatWent() throws Exception {
        put(id("a", 0));
        put(id("old", 3));
        BlockCatalog catalog = catalog(CONFIG);
        catalog.refresh();
        put(id("b", 0));
        memory.delete(id("a", 0).seriesKey());
        memory.delete(id("old", 3).seriesKey());

        catalog.refresh();
        assertThat(catalog.blocks(days(0, 0)))
                .extracting(BlockEntry::id)
                .containsExactly(id("b", 0));
        for (int i = 0; i < 5; i++) {
            catalog.refresh();
        }
        assertThat(catalog.blocks(days(5, 0)))
                .extracting(BlockEntry::id)
                .containsExactly(id("b", 0));
    }

    @Test
    void keepsWhatItKnowsWhileTheStoreIsAway() throws Exception {
        put(id("a", 0));
        BlockCatalog catalog = catalog(CONFIG);
        catalog.refresh();
        bucket.fail(1, 1, BucketException.Kind.UNAVAILABLE);

        assertThatThrownBy(catalog::refresh).isInstanceOf(BucketException.class);

        assertThat(catalog.blocks(days(1, 0))).hasSize(1);
        assertThat(catalog.stats().refreshErrors()).isEqualTo(1);
        assertThat(catalog.stats().refreshes()).isEqualTo(1);
    }

    @Test
    void goesOnWhereAFirstRefreshFailed() throws Exception {
        put(id("old", 5));
        BlockCatalog catalog = catalog(CONFIG);
        bucket.fail(6, 1, BucketException.Kind.UNAVAILABLE);
        assertThatThrownBy(catalog::refresh).isInstanceOf(BucketException.class);

        catalog.refresh();

        assertThat(catalog.blocks(days(5, 5))).hasSize(1);
    }

    @Test
    void leavesOutTheOldestOverItsLimit() throws Exception {
        for (int day = 0; day <= 4; day++) {
            put(id("a", day));
            put(id("b", day));
        }
        BlockCatalog catalog = catalog(new CatalogConfig(Duration.ofDays(5), 1, 1, 5));
        catalog.refresh();

        assertThat(catalog.blocks(days(5, 0)))
                .extracting(BlockEntry::id)
                .containsExactly(id("b", 2), id("a", 1), id("b", 1), id("a", 0), id("b", 0));
        assertThat(catalog.stats().overLimit()).isEqualTo(5);
    }

    @Test
    void forgetsWhatIsOlderThanItsHistory() throws Exception {
        put(id("a", 0));
        Instant[] now = {NOW};
        BlockCatalog catalog = new BlockCatalog(bucket, CONFIG, () -> now[0]);
        catalog.refresh();

        now[0] = NOW.plus(Duration.ofDays(7));
        catalog.refresh();

        assertThat(catalog.stats().blocks()).isZero();
    }

    @Test
    void remembersOverARestartWhatItListed(@TempDir Path directory) throws Exception {
        put(id("a", 0));
        put(id("old", 3));
        memory.putIfAbsent(id("a", 0).histKey(), new byte[7]);
        CatalogFile file = new CatalogFile(directory.resolve("catalog"), "memory:");
        BlockCatalog first = new BlockCatalog(bucket, CONFIG, () -> NOW, file);
        first.refresh();
        bucket.forget();

        BlockCatalog second = new BlockCatalog(bucket, CONFIG, () -> NOW, file);

        assertThat(bucket.requests()).isEmpty();
        assertThat(second.blocks(days(5, 0))).hasSize(2);
        assertThat(second.stats().sizeBytes()).isEqualTo(37);
        second.refresh();
        assertThat(bucket.requests().size()).isLessThan(13);
        assertThat(second.blocks(days(5, 0)))
                .extracting(BlockEntry::id)
                .isEqualTo(first.blocks(days(5, 0)).stream().map(BlockEntry::id).toList());
    }

    @Test
    void listsAllAgainWhereTheFileIsDamagedOrOfAnotherBucket(@TempDir Path directory)
            throws Exception {
        put(id("a", 0));
        Path path = directory.resolve("catalog");
        CatalogFile file = new CatalogFile(path, "memory:");
        new BlockCatalog(bucket, CONFIG, () -> NOW, file).refresh();
        byte[] whole = Files.readAllBytes(path);

        assertThat(new CatalogFile(path, "other:").read()).isEmpty();
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 7);
            Files.write(path, flipped);
            assertThatThrownBy(file::read).as("byte %d", i).isInstanceOf(IOException.class);
            Files.write(path, Arrays.copyOf(whole, i));
            assertThatThrownBy(file::read).as("cut at %d", i).isInstanceOf(IOException.class);
        }
        BlockCatalog catalog = new BlockCatalog(bucket, CONFIG, () -> NOW, file);
        assertThat(catalog.stats().fileErrors()).isOne();
        assertThat(catalog.stats().blocks()).isZero();
        Files.write(path, whole);
        assertThat(file.read()).isNotEmpty();
    }
}
