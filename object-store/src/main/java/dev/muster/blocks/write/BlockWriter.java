package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.nio.file.Path;

/// Writes the two files of a block. Holds one row group of samples, compressed, and the samples of
/// one series at a time, whatever the size of the block. Thread-safe.
public final class BlockWriter {
    private final BlockWriterConfig config;

    public BlockWriter(BlockWriterConfig config) {
        this.config = config;
    }

    /// Writes the samples that `window` holds in the block's range. The same samples give the same
    /// bytes.
    ///
    /// @param directory where the files go; created if missing. Files of the same block are
    ///   replaced
    /// @return the block; its counts are 0 where the window holds nothing
    public LocalBlock write(BlockId id, SeriesSource window, Path directory) throws IOException {
        throw new UnsupportedOperationException("follows: " + config);
    }
}
