package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;

/// The series of the blocks in a catalog. Thread-safe.
///
/// A block that cannot be read, or that is gone, is a warning of the answer that names it; the rest
/// answers.
public final class BlockSource implements SeriesSource {
    private final Bucket bucket;
    private final BlockCatalog catalog;
    private final BlockReadConfig config;

    public BlockSource(Bucket bucket, BlockCatalog catalog, BlockReadConfig config) {
        this.bucket = bucket;
        this.catalog = catalog;
        this.config = config;
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        throw new UnsupportedOperationException("follows: " + bucket + catalog + config);
    }

    public BlockReadStats stats() {
        return new BlockReadStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
