package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/// The blocks that a bucket holds, as of the last refresh. Thread-safe.
public final class BlockCatalog {
    private final Bucket bucket;
    private final CatalogConfig config;
    private final InstantSource clock;

    public BlockCatalog(Bucket bucket, CatalogConfig config, InstantSource clock) {
        this.bucket = bucket;
        this.config = config;
        this.clock = clock;
    }

    /// Lists what may have changed. The first call lists the whole history.
    ///
    /// @throws IOException if the bucket could not be listed; what was known stays known
    public void refresh() throws IOException {
        throw new UnsupportedOperationException("follows: " + bucket + config + clock);
    }

    /// The visible blocks that may hold samples of the range, by start, then by name.
    public List<BlockEntry> blocks(TimeRange range) {
        return List.of();
    }

    public CatalogStats stats() {
        return new CatalogStats(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
