package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

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
    /// @throws IOException if the window cannot be read whole, or the disk is full; no file is left
    public LocalBlock write(BlockId id, SeriesSource window, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path samples = directory.resolve("samples-" + fileName(id.samplesKey()));
        Path series = directory.resolve("series-" + fileName(id.seriesKey()));
        boolean written = false;
        try {
            LocalBlock block = write(id, window, samples, series);
            written = true;
            return block;
        } finally {
            if (!written) {
                Files.deleteIfExists(samples);
                Files.deleteIfExists(series);
            }
        }
    }

    private static String fileName(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private LocalBlock write(BlockId id, SeriesSource window, Path samples, Path series)
            throws IOException {
        try (SeriesSet set = window.select(SelectRequest.of(id.range(), List.of()));
                SamplesFileWriter samplesFile = new SamplesFileWriter(samples, config);
                SeriesFileWriter seriesFile = new SeriesFileWriter(series, config.zstdLevel())) {
            writeRows(id, set, samplesFile, seriesFile);
            refuseGaps(id, set);
            long sampleCount = samplesFile.rows();
            long seriesCount = seriesFile.rows();
            long tailOffset = samplesFile.finish(BlockMetadata.common(id));
            BlockMetadata metadata =
                    new BlockMetadata(
                            id,
                            seriesCount,
                            sampleCount,
                            Files.size(samples),
                            tailOffset,
                            checksum(samples, tailOffset));
            Map<String, String> pairs = metadata.pairs();
            pairs.put(SeriesFile.CHECK, SeriesFile.UNCHECKED);
            seriesFile.finish(pairs);
            seal(series);
            return new LocalBlock(
                    id,
                    samples,
                    series,
                    seriesCount,
                    sampleCount,
                    metadata.samplesBytes(),
                    Files.size(series));
        }
    }

    private static void writeRows(
            BlockId id, SeriesSet set, SamplesFileWriter samplesFile, SeriesFileWriter seriesFile)
            throws IOException {
        SeriesOrder order = SeriesOrder.of(id, set);
        SampleReader reader = set.reader();
        SampleColumns samples = new SampleColumns();
        SeriesAggregates aggregates = new SeriesAggregates();
        for (int i = 0; i < order.size(); i++) {
            int index = order.index(i);
            samples.clear();
            reader.read(index, samples);
            if (samples.size() > 0) {
                SeriesRow row =
                        SeriesRow.of(id, order.id(i), set.labels(index), set.metadata(index));
                aggregates.compute(samples);
                seriesFile.write(row, samplesFile.rows(), samples, aggregates);
                samplesFile.write(row, samples);
            }
        }
    }

    /// What is not whole is not shipped: the window would be released and the rest lost.
    private static void refuseGaps(BlockId id, SeriesSet set) throws IOException {
        if (!set.warnings().isEmpty()) {
            throw new IOException(
                    id.describe() + ": window must be read whole: found=" + set.warnings());
        }
    }

    private static int checksum(Path file, long offset) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            channel.position(offset);
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return (int) crc.getValue();
    }

    private static void seal(Path series) throws IOException {
        byte[] content = Files.readAllBytes(series);
        SeriesFile.seal(content);
        Files.write(series, content);
    }
}
