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

/// Puts blocks into a bucket: samples and histograms first, the series last, which makes the block
/// visible.
public final class BlockUpload {
    private final Bucket bucket;
    private final LocalBlock block;
    private final String samplesKey;
    private final String histKey;
    private final String seriesKey;

    private BlockUpload(Bucket bucket, LocalBlock block) {
        this.bucket = bucket;
        this.block = block;
        samplesKey = block.id().samplesKey();
        histKey = block.id().histKey();
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
            boolean found = putTables();
            putSeries();
            return found ? ShipResult.COMPLETED : ShipResult.SHIPPED;
        }
        if (Contents.same(bucket, visible.get(), block.series())) {
            boolean missing =
                    bucket.stat(samplesKey).isEmpty()
                            || (block.hist() != null && bucket.stat(histKey).isEmpty());
            boolean found = putTables();
            return found && !missing ? ShipResult.PRESENT : ShipResult.COMPLETED;
        }
        if (sampleCount(visible.get()) >= block.sampleCount()) {
            return ShipResult.KEPT_OTHER;
        }
        bucket.delete(seriesKey);
        putTables();
        putSeries();
        return ShipResult.REPLACED;
    }

    /// Puts the files of samples.
    ///
    /// @return whether samples, or others in their place, were there before
    private boolean putTables() throws IOException {
        boolean found = put(samplesKey, block.samples());
        Path hist = block.hist();
        if (hist != null) {
            found |= put(histKey, hist);
        } else if (found) {
            // An earlier attempt may have left one; nobody can see it.
            bucket.delete(histKey);
        }
        return found;
    }

    /// @return whether the object, or another in its place, was there before
    private boolean put(String key, Path file) throws IOException {
        if (bucket.putIfAbsent(key, file) == PutResult.CREATED) {
            verify(key, file);
            return false;
        }
        Optional<ObjectInfo> found = bucket.stat(key);
        if (found.isPresent() && Contents.same(bucket, found.get(), file)) {
            return true;
        }
        // Nobody can see it, because the file of series is not there or will be replaced.
        bucket.delete(key);
        if (bucket.putIfAbsent(key, file) == PutResult.EXISTS) {
            throw contested(key);
        }
        verify(key, file);
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
