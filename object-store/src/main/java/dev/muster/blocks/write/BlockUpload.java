package dev.muster.blocks.write;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Puts blocks into a bucket: the samples first, the series last, which makes the block visible.
public final class BlockUpload {
    private final Bucket bucket;
    private final LocalBlock block;
    private final String samplesKey;
    private final String seriesKey;

    private BlockUpload(Bucket bucket, LocalBlock block) {
        this.bucket = bucket;
        this.block = block;
        samplesKey = block.id().samplesKey();
        seriesKey = block.id().seriesKey();
    }

    /// Ships a block, and sees that what the bucket holds is what was sent. May be called again
    /// after any failure, from this or another process of the same host.
    ///
    /// @throws dev.muster.blocks.bucket.BucketException says whether to try again
    public static ShipResult ship(Bucket bucket, LocalBlock block) throws IOException {
        return new BlockUpload(bucket, block).ship();
    }

    private ShipResult ship() throws IOException {
        Optional<ObjectInfo> visible = bucket.stat(seriesKey);
        if (visible.isEmpty()) {
            boolean found = putSamples();
            putSeries();
            return found ? ShipResult.COMPLETED : ShipResult.SHIPPED;
        }
        if (Contents.same(bucket, visible.get(), block.series())) {
            boolean samplesMissing = bucket.stat(samplesKey).isEmpty();
            boolean found = putSamples();
            return found && !samplesMissing ? ShipResult.PRESENT : ShipResult.COMPLETED;
        }
        if (sampleCount(visible.get()) >= block.sampleCount()) {
            return ShipResult.KEPT_OTHER;
        }
        bucket.delete(seriesKey);
        putSamples();
        putSeries();
        return ShipResult.REPLACED;
    }

    /// @return whether the samples, or others in their place, were there before
    private boolean putSamples() throws IOException {
        if (bucket.putIfAbsent(samplesKey, block.samples()) == PutResult.CREATED) {
            verify(samplesKey, block.samples());
            return false;
        }
        Optional<ObjectInfo> found = bucket.stat(samplesKey);
        if (found.isPresent() && Contents.same(bucket, found.get(), block.samples())) {
            return true;
        }
        // Nobody can see them, because the file of series is not there or will be replaced.
        bucket.delete(samplesKey);
        if (bucket.putIfAbsent(samplesKey, block.samples()) == PutResult.EXISTS) {
            throw contested(samplesKey);
        }
        verify(samplesKey, block.samples());
        return true;
    }

    private void putSeries() throws IOException {
        if (bucket.putIfAbsent(seriesKey, block.series()) == PutResult.EXISTS) {
            throw contested(seriesKey);
        }
        verify(seriesKey, block.series());
    }

    private BucketException contested(String key) {
        return new BucketException(
                BucketException.Kind.UNAVAILABLE,
                "%s ship key=%s: no other writer may ship the same block at the same time: host=%s"
                        .formatted(bucket.describe(), key, block.id().host()),
                null);
    }

    private void verify(String key, Path file) throws IOException {
        Optional<ObjectInfo> found = bucket.stat(key);
        if (found.isPresent() && Contents.same(bucket, found.get(), file)) {
            return;
        }
        bucket.delete(key);
        throw new BucketException(
                BucketException.Kind.UNAVAILABLE,
                "%s ship key=%s: object must be what was sent: found=%s"
                        .formatted(bucket.describe(), key, found),
                null);
    }

    /// Samples of the visible block; -1 if it is damaged.
    private long sampleCount(ObjectInfo series) throws IOException {
        byte[] content = bucket.range(series.key(), 0, Math.toIntExact(series.sizeBytes()));
        try {
            return BlockMetadata.of(SeriesFile.pairs(SeriesFile.footer(content))).sampleCount();
        } catch (IOException | IllegalArgumentException e) {
            return -1;
        }
    }
}
