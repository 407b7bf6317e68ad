package dev.muster.blocks.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.retention.Retention;
import dev.muster.blocks.retention.RetentionConfig;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompactionTest {
    private static final TimeRange EVER = new TimeRange(0, 4_000_000_000_000L);
    private static final LocalDate DAY = LocalDate.parse("2026-11-22");
    private static final Instant NOON =
            Instant.ofEpochMilli(RandomStore.DAY).plus(Duration.ofHours(12));
    private static final Instant NEXT_DAY = NOON.plus(Duration.ofHours(14));

    @TempDir Path directory;

    private Instant now = NOON;
    private final ClockedBucket bucket = new ClockedBucket(() -> now);

    static List<Long> seeds() {
        Long seed = Long.getLong("seed");
        return seed != null ? List.of(seed) : new Random().longs(3).boxed().toList();
    }

    private Compaction compaction(CompactionConfig config, List<Tombstone> deleted) {
        return new Compaction(
                bucket, config, () -> deleted, directory.resolve("scratch"), () -> now, Pace.FULL);
    }

    /// Until nothing is due.
    private void compact(CompactionConfig config) throws IOException {
        Compaction compaction = compaction(config, List.of());
        for (int rounds = 0; round(compaction); rounds++) {
            assertThat(rounds).as("rounds").isLessThan(20);
        }
        assertThat(compaction.stats().failures()).isZero();
    }

    private boolean round(Compaction compaction) throws IOException {
        return compaction.round(
                StoreAnswers.catalog(bucket, now).blocks(EVER), (cell, date) -> true);
    }

    private List<BlockEntry> seen() throws IOException {
        return StoreAnswers.catalog(bucket, now).blocks(EVER);
    }

    private static CompactionConfig limits(Random random) {
        CompactionConfig small =
                new CompactionConfig(
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        1 << 20,
                        96L << 20,
                        random.nextBoolean() ? 256 : 2 + random.nextInt(10),
                        new BlockWriterConfig(2, 64, 3));
        return random.nextBoolean() ? small : small.within(1 << 20, 26 << 20, small.inputs());
    }

    /// Says where answers differ, as they are long.
    private static void same(String when, List<String> before, List<String> after) {
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < before.size(); i++) {
            List<String> expected = before.get(i).lines().toList();
            List<String> found = after.get(i).lines().toList();
            assertThat(found.getLast()).as("%s answer=%d", when, i).isEqualTo(expected.getLast());
            for (int line = 0; line < Math.min(expected.size(), found.size()); line++) {
                assertThat(found.get(line))
                        .as("%s answer=%d line=%d", when, i, line)
                        .isEqualTo(expected.get(line));
            }
            assertThat(found).as("%s answer=%d", when, i).hasSameSizeAs(expected);
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void answersStayTheSame(long seed) throws IOException {
        Random random = new Random(seed);
        RandomStore store = new RandomStore(seed, directory);
        CompactionConfig config = limits(random);
        store.ship(bucket, 8 + random.nextInt(10));
        List<String> before = StoreAnswers.of(bucket, now, seed);

        compact(config);
        same("windows", before, StoreAnswers.of(bucket, now, seed));
        assertThat(seen()).noneMatch(entry -> entry.id().level() == BlockLevel.L2);

        // late blocks, then the end of the day
        store.ship(bucket, random.nextInt(10));
        before = StoreAnswers.of(bucket, now, seed);
        now = NEXT_DAY;
        compact(config);
        same("day", before, StoreAnswers.of(bucket, now, seed));

        store.ship(bucket, random.nextInt(10));
        before = StoreAnswers.of(bucket, now, seed);
        now = NEXT_DAY.plus(Duration.ofHours(25));
        compact(config);
        same("late", before, StoreAnswers.of(bucket, now, seed));

        int files = bucket.list("v1/").size();
        now = now.plus(Duration.ofHours(25));
        compaction(config, List.of()).sweep(List.of(DAY), (cell, date) -> true);
        same("swept", before, StoreAnswers.of(bucket, now, seed));
        assertThat(bucket.list("v1/").size()).isLessThan(files);
        assertThat(bucket.list("v1/series/")).hasSize(seen().size());
        assertThat(bucket.list("v1/samples/")).hasSize(seen().size());
    }

    /// Each change of the bucket may be the last before the node is killed.
    @Test
    void killedAnywhereNothingIsLostOrLeft() throws IOException {
        new RandomStore(5, directory).ship(bucket, 7);
        List<String> before = StoreAnswers.of(bucket, now, 5);
        now = NEXT_DAY;
        boolean died = true;
        for (int changes = 0; died; changes++) {
            bucket.dieAfter(changes);
            try {
                round(compaction(CompactionConfig.DEFAULT, List.of()));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("killed");
            }
            died = bucket.isDead();
            bucket.revive();
            same("killed after " + changes, before, StoreAnswers.of(bucket, now, 5));
        }
        compact(CompactionConfig.DEFAULT);
        same("in the end", before, StoreAnswers.of(bucket, now, 5));
        now = now.plus(Duration.ofHours(25));
        died = true;
        for (int changes = 0; died; changes++) {
            bucket.dieAfter(changes);
            try {
                compaction(CompactionConfig.DEFAULT, List.of())
                        .sweep(List.of(DAY), (cell, date) -> true);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("killed");
            }
            died = bucket.isDead();
            bucket.revive();
            same("swept until " + changes, before, StoreAnswers.of(bucket, now, 5));
        }
        assertThat(bucket.list("v1/series/")).hasSize(seen().size());
        assertThat(bucket.list("v1/samples/")).hasSize(seen().size());
    }

    @Test
    void oneOfTwoThatMergeTheSameDoesIt() throws IOException {
        new RandomStore(6, directory).ship(bucket, 7);
        List<String> before = StoreAnswers.of(bucket, now, 6);
        now = NEXT_DAY;
        Compaction other = compaction(CompactionConfig.DEFAULT, List.of());
        bucket.beforeManifest(() -> {
            try {
                round(other);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Compaction one = compaction(CompactionConfig.DEFAULT, List.of());
        round(one);
        assertThat(one.stats().failures() + other.stats().failures()).isZero();
        same("raced", before, StoreAnswers.of(bucket, now, 6));
        int objects = bucket.list("v1/").size();
        compact(CompactionConfig.DEFAULT);
        assertThat(bucket.list("v1/")).hasSize(objects);
    }

    @Test
    void readersThatDoNotKnowYetFindTheOldFiles() throws IOException {
        new RandomStore(8, directory).ship(bucket, 7);
        BlockCatalog stale = StoreAnswers.catalog(bucket, now);
        List<String> before = StoreAnswers.of(stale, bucket, 8);
        now = NEXT_DAY;
        compact(CompactionConfig.DEFAULT);
        now = now.plus(Duration.ofHours(23));
        compaction(CompactionConfig.DEFAULT, List.of()).sweep(List.of(DAY), (cell, date) -> true);
        same("stale", before, StoreAnswers.of(stale, bucket, 8));
    }

    @Test
    void aBlockOfTheSameNameThatComesLaterIsSeen() throws IOException {
        RandomStore store = new RandomStore(9, directory);
        TimeRange window = new TimeRange(RandomStore.DAY, RandomStore.DAY + 7_200_000);
        Labels labels = Labels.of("__name__", "a", "job", "x");
        for (String host : List.of("h1", "h2")) {
            store.ship(
                    bucket,
                    new BlockId("c1", host, window),
                    new PlainSource().add(labels, RandomStore.DAY + 1, 1));
        }
        compact(CompactionConfig.DEFAULT);
        assertThat(seen()).hasSize(1);
        store.ship(
                bucket,
                new BlockId("c1", "h1", window),
                new PlainSource()
                        .add(labels, RandomStore.DAY + 1, 1)
                        .add(labels, RandomStore.DAY + 2, 2));
        assertThat(seen()).hasSize(2);
        now = NOON.plus(Duration.ofHours(25));
        compaction(CompactionConfig.DEFAULT, List.of()).sweep(List.of(DAY), (cell, date) -> true);
        assertThat(bucket.list("v1/series/level=L0/")).hasSize(1);
        assertThat(StoreAnswers.of(bucket, now, 9).getFirst())
                .contains((RandomStore.DAY + 2) + "=");
    }

    @Test
    void whatWasDeletedForGoodIsLeftOut() throws IOException {
        RandomStore store = new RandomStore(9, directory);
        TimeRange window = new TimeRange(RandomStore.DAY, RandomStore.DAY + 7_200_000);
        Labels gone = Labels.of("__name__", "gone");
        Labels kept = Labels.of("__name__", "kept");
        for (String host : List.of("h1", "h2")) {
            store.ship(
                    bucket,
                    new BlockId("c1", host, window),
                    new PlainSource()
                            .add(gone, RandomStore.DAY + 1, 1)
                            .add(kept, RandomStore.DAY + 1, 1)
                            .add(kept, RandomStore.DAY + 9, 9));
        }
        Tombstone last = tombstone("1", now, new TimeRange(0, RandomStore.DAY + 5), "gone|kept");
        Tombstone fresh =
                tombstone("2", now.plus(Duration.ofHours(20)), new TimeRange(0, 1L << 50), "kept");
        now = now.plus(Duration.ofHours(25));
        round(compaction(CompactionConfig.DEFAULT, List.of(last, fresh)));
        assertThat(seen()).hasSize(1);
        assertThat(StoreAnswers.of(bucket, now, 9).getFirst())
                .contains("kept", (RandomStore.DAY + 9) + "=")
                .doesNotContain("gone", (RandomStore.DAY + 1) + "=");
    }

    private static Tombstone tombstone(String id, Instant at, TimeRange range, String metrics) {
        return new Tombstone(
                id.repeat(16),
                at.toEpochMilli(),
                range,
                List.of(LabelMatcher.regex("__name__", metrics)));
    }

    @Test
    void aDayThatIsToGoIsLeftAloneAndGoesWhole() throws IOException {
        RandomStore store = new RandomStore(10, directory);
        store.ship(bucket, 6);
        now = NEXT_DAY;
        compact(CompactionConfig.DEFAULT);
        store.ship(bucket, 6);
        RetentionConfig kept =
                new RetentionConfig(
                        Optional.of(Duration.ofDays(3)),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofHours(24));
        now = NOON.plus(Duration.ofDays(10));
        Retention retention = new Retention(bucket, kept, () -> now);
        retention.sweep();
        int objects = bucket.list("v1/").size();
        round(compaction(CompactionConfig.DEFAULT, List.of()));
        assertThat(bucket.list("v1/")).hasSize(objects);
        now = now.plus(Duration.ofHours(25));
        retention.sweep();
        assertThat(bucket.list("v1/")).isEmpty();
    }
}
