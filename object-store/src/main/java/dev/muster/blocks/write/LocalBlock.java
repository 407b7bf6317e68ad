package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import java.nio.file.Path;

/// A block as two files on local disk, ready to be shipped.
///
/// @param id which block it is
/// @param samples the file with the samples
/// @param series the file with the series
/// @param seriesCount rows of the series file
/// @param sampleCount rows of the samples file, staleness markers among them
/// @param samplesBytes length of the samples file
/// @param seriesBytes length of the series file
public record LocalBlock(
        BlockId id,
        Path samples,
        Path series,
        long seriesCount,
        long sampleCount,
        long samplesBytes,
        long seriesBytes) {
    /// Length of both files.
    public long sizeBytes() {
        return Math.addExact(samplesBytes, seriesBytes);
    }
}
