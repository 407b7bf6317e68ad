package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.TableFile;

/// A block that is visible in the bucket.
///
/// @param id which block it is
/// @param series its file of series
/// @param samples its file of samples
public record BlockEntry(BlockId id, ObjectInfo series, ObjectInfo samples) {
    /// The file of histograms is not listed: the series file says all there is to know of it, and
    /// what is not as it says is noticed.
    ObjectInfo hist(TableFile table) {
        return new ObjectInfo(
                id.histKey(), table.sizeBytes(), series.etag(), series.lastModified());
    }
}
