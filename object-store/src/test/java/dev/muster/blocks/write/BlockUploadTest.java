package dev.muster.blocks.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.read.FaultyBucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockUploadTest {
    private static final long START = 1_795_348_800_000L;
    private static final BlockId ID =
            new BlockId("c1", "h1", new TimeRange(START, START + 7_200_000));

    @TempDir Path directory;
    private Bucket memory;
    private FaultyBucket bucket;

    @BeforeEach
    void openBucket() throws Exception {
        memory = dev.muster.blocks.bucket.Buckets.open(BucketConfig.of("memory:"));
        bucket = new FaultyBucket(memory);
    }

    @AfterEach
    void closeBucket() {
        bucket.close();
    }

    private LocalBlock block(int samples) throws Exception {
        PlainSource source = new PlainSource();
        for (int i = 0; i < samples; i++) {
            source.add(Labels.of("__name__", "up"), START + i, i);
        }
        return new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);
    }

    @Test
    void putsSamplesFirst() throws Exception {
        assertThat(BlockUpload.ship(bucket, block(10))).isEqualTo(ShipResult.SHIPPED);

        assertThat(bucket.requests())
                .filteredOn(request -> request.startsWith("put"))
                .containsExactly("put " + ID.samplesKey(), "put " + ID.seriesKey());
    }

    @Test
    void doesNothingTheSecondTime() throws Exception {
        BlockUpload.ship(bucket, block(10));

        assertThat(BlockUpload.ship(bucket, block(10))).isEqualTo(ShipResult.PRESENT);
    }

    /// Whatever request fails, the block is whole or invisible, and the next attempt completes it.
    @Test
    void completesWhatAnyFailureLeft() throws Exception {
        LocalBlock block = block(10);
        for (int through = 0; through < 6; through++) {
            bucket.fail(through, 1, BucketException.Kind.UNAVAILABLE);
            try {
                BlockUpload.ship(bucket, block);
            } catch (BucketException e) {
                assertThat(e.retryable()).isTrue();
            }
            boolean visible = memory.stat(ID.seriesKey()).isPresent();
            assertThat(!visible || memory.stat(ID.samplesKey()).isPresent()).isTrue();
            bucket.fail(0, 0, BucketException.Kind.UNAVAILABLE);

            BlockUpload.ship(bucket, block);

            assertThat(BlockUpload.ship(bucket, block)).isEqualTo(ShipResult.PRESENT);
            memory.delete(ID.seriesKey());
            memory.delete(ID.samplesKey());
        }
    }

    @Test
    void replacesSamplesThatNobodySees() throws Exception {
        memory.putIfAbsent(ID.samplesKey(), block(9).samples());

        LocalBlock block = block(10);

        assertThat(BlockUpload.ship(bucket, block)).isEqualTo(ShipResult.COMPLETED);
        assertThat(memory.range(ID.samplesKey(), 0, (int) block.samplesBytes()))
                .isEqualTo(Files.readAllBytes(block.samples()));
    }

    @Test
    void replacesABlockWithFewerSamples() throws Exception {
        BlockUpload.ship(bucket, block(9));
        LocalBlock more = block(10);

        assertThat(BlockUpload.ship(bucket, more)).isEqualTo(ShipResult.REPLACED);
        assertThat(BlockUpload.ship(bucket, more)).isEqualTo(ShipResult.PRESENT);
        assertThat(BlockUpload.ship(bucket, block(9))).isEqualTo(ShipResult.KEPT_OTHER);
        assertThat(BlockUpload.ship(bucket, block(10))).isEqualTo(ShipResult.PRESENT);
    }

    @Test
    void replacesADamagedBlock() throws Exception {
        memory.putIfAbsent(ID.samplesKey(), new byte[] {1});
        memory.putIfAbsent(ID.seriesKey(), new byte[] {2});

        assertThat(BlockUpload.ship(bucket, block(10))).isEqualTo(ShipResult.REPLACED);
    }

    @Test
    void passesOnThatItIsRefused() throws Exception {
        LocalBlock block = block(10);
        bucket.fail(1, 1, BucketException.Kind.REFUSED);

        assertThatThrownBy(() -> BlockUpload.ship(bucket, block))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.retryable()).isFalse());
        assertThat(memory.stat(ID.seriesKey())).isEmpty();
    }

    private LocalBlock blockWithHistograms(int samples) throws Exception {
        PlainSource source = new PlainSource();
        for (int i = 0; i < samples; i++) {
            source.add(
                    Labels.of("__name__", "up"),
                    START + i,
                    NativeHistogram.custom(
                            CounterReset.UNKNOWN, i, i, new double[] {1}, Buckets.NONE));
        }
        return new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);
    }

    @Test
    void putsHistogramsBeforeTheBlockIsVisible() throws Exception {
        assertThat(BlockUpload.ship(bucket, blockWithHistograms(10))).isEqualTo(ShipResult.SHIPPED);
        assertThat(bucket.requests())
                .filteredOn(request -> request.startsWith("put"))
                .containsExactly(
                        "put " + ID.samplesKey(), "put " + ID.histKey(), "put " + ID.seriesKey());
        assertThat(BlockUpload.ship(bucket, blockWithHistograms(10))).isEqualTo(ShipResult.PRESENT);

        memory.delete(ID.histKey());
        assertThat(BlockUpload.ship(bucket, blockWithHistograms(10)))
                .isEqualTo(ShipResult.COMPLETED);
        assertThat(memory.stat(ID.histKey())).isPresent();
    }

    @Test
    void countsHistogramsAsSamples() throws Exception {
        BlockUpload.ship(bucket, block(9));

        assertThat(BlockUpload.ship(bucket, blockWithHistograms(10)))
                .isEqualTo(ShipResult.REPLACED);
        assertThat(BlockUpload.ship(bucket, block(10))).isEqualTo(ShipResult.KEPT_OTHER);
        assertThat(BlockUpload.ship(bucket, block(11))).isEqualTo(ShipResult.REPLACED);
        assertThat(memory.stat(ID.histKey())).isEmpty();
    }

    @Test
    void shipsHistogramsWhateverFailsOnTheWay() throws Exception {
        LocalBlock block = blockWithHistograms(10);
        for (int through = 0; through < 9; through++) {
            bucket.fail(through, 1, BucketException.Kind.UNAVAILABLE);
            try {
                BlockUpload.ship(bucket, block);
            } catch (BucketException e) {
                assertThat(e.retryable()).isTrue();
            }
            boolean visible = memory.stat(ID.seriesKey()).isPresent();
            assertThat(!visible || memory.stat(ID.histKey()).isPresent()).isTrue();
            bucket.fail(0, 0, BucketException.Kind.UNAVAILABLE);
            BlockUpload.ship(bucket, block);
            assertThat(BlockUpload.ship(bucket, block)).isEqualTo(ShipResult.PRESENT);
            memory.delete(ID.seriesKey());
            memory.delete(ID.histKey());
            memory.delete(ID.samplesKey());
        }
    }
}
