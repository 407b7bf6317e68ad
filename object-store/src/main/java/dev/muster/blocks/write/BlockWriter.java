package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Writes the files of a block: samples, series and, where there are any, native histograms. Holds
/// one row group of each, compressed, and the samples of one series at a time, whatever the size of
/// the block. Thread-safe.
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
    /// @throws IOException if the window cannot be read whole, or the disk is full; no file is left
    public LocalBlock write(BlockId id, SeriesSource window, Path directory) throws IOException {
        try (BlockOutput output = new BlockOutput(id, directory, config);
                SeriesSet set = window.select(SelectRequest.of(id.range(), List.of()))) {
            SeriesOrder order = SeriesOrder.of(id, set);
            SampleReader reader = set.reader();
            for (int i = 0; i < order.size(); i++) {
                int index = order.index(i);
                reader.read(index, output.samples());
                output.add(id.host(), order.id(i), set.labels(index), set.metadata(index));
            }
            refuseGaps(id, set);
            return output.finish();
        }
    }

    /// What is not whole is not shipped: the window would be released and the rest lost.
    private static void refuseGaps(BlockId id, SeriesSet set) throws IOException {
        if (!set.warnings().isEmpty()) {
            throw new IOException(
                    id.describe() + ": window must be read whole: found=" + set.warnings());
        }
    }
}
