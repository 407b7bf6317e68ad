package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MetricPlaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A block as files on local disk, ready to be shipped.
///
/// @param id which block it is
/// @param samples the file with the samples
/// @param hist the file with the native histograms; null where there are none
/// @param series the file with the series
/// @param seriesCount rows of the series file
/// @param sampleCount samples of any kind, staleness markers among them
/// @param histCount how many of them are histograms
/// @param samplesBytes length of the samples file
/// @param histBytes length of the file with the histograms; 0 where there is none
/// @param seriesBytes length of the series file
/// @param metrics where the samples of its metrics lie, of a merged block
public record LocalBlock(
        BlockId id,
        Path samples,
        @Nullable Path hist,
        Path series,
        long seriesCount,
        long sampleCount,
        long histCount,
        long samplesBytes,
        long histBytes,
        long seriesBytes,
        MetricPlaces metrics) {
    /// Length of all files.
    public long sizeBytes() {
        return Math.addExact(Math.addExact(samplesBytes, histBytes), seriesBytes);
    }

    /// All files, the series last.
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        files.add(samples);
        if (hist != null) {
            files.add(hist);
        }
        files.add(series);
        return files;
    }
}
