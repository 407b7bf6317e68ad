package dev.muster.blocks.write;

import dev.muster.blocks.read.PagePlaces;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.blocks.schema.TableFile;
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
import org.jspecify.annotations.Nullable;

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
        Files.createDirectories(directory);
        Paths paths = Paths.of(id, directory);
        boolean written = false;
        try {
            LocalBlock block = write(id, window, paths);
            written = true;
            return block;
        } finally {
            if (!written) {
                Files.deleteIfExists(paths.samples);
                Files.deleteIfExists(paths.hist);
                Files.deleteIfExists(paths.series);
            }
        }
    }

    private record Paths(Path samples, Path hist, Path series) {
        static Paths of(BlockId id, Path directory) {
            return new Paths(
                    directory.resolve("samples-" + fileName(id.samplesKey())),
                    directory.resolve("hist-" + fileName(id.histKey())),
                    directory.resolve("series-" + fileName(id.seriesKey())));
        }

        private static String fileName(String key) {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    private LocalBlock write(BlockId id, SeriesSource window, Paths paths) throws IOException {
        Files.deleteIfExists(paths.hist);
        try (SeriesSet set = window.select(SelectRequest.of(id.range(), List.of()));
                OpenFiles files = new OpenFiles(paths)) {
            files.writeRows(id, set);
            refuseGaps(id, set);
            BlockMetadata metadata = files.finish(id);
            Map<String, String> pairs = metadata.pairs();
            places(metadata, paths, pairs);
            pairs.put(SeriesFile.CHECK, SeriesFile.UNCHECKED);
            files.series.finish(pairs);
            seal(paths.series);
            TableFile hist = metadata.hist();
            return new LocalBlock(
                    id,
                    paths.samples,
                    hist == null ? null : paths.hist,
                    paths.series,
                    metadata.seriesCount(),
                    metadata.sampleCount(),
                    hist == null ? 0 : hist.rows(),
                    metadata.samples().sizeBytes(),
                    hist == null ? 0 : hist.sizeBytes(),
                    Files.size(paths.series));
        }
    }

    private static void places(BlockMetadata metadata, Paths paths, Map<String, String> into)
            throws IOException {
        PagePlaces.addSamples(into, paths.samples, metadata.samples());
        TableFile hist = metadata.hist();
        if (hist != null) {
            PagePlaces.addHist(into, paths.hist, hist);
        }
    }

    /// The files of one block on their way. Confined to one thread.
    private final class OpenFiles implements AutoCloseable {
        private final Paths paths;
        private final SamplesFileWriter samples;
        private final SeriesFileWriter series;
        private @Nullable HistFileWriter hist;

        OpenFiles(Paths paths) throws IOException {
            this.paths = paths;
            samples = new SamplesFileWriter(paths.samples, config);
            series = new SeriesFileWriter(paths.series, config.zstdLevel());
        }

        void writeRows(BlockId id, SeriesSet set) throws IOException {
            SeriesOrder order = SeriesOrder.of(id, set);
            SampleReader reader = set.reader();
            SeriesSplit split = new SeriesSplit();
            SeriesAggregates aggregates = new SeriesAggregates();
            for (int i = 0; i < order.size(); i++) {
                int index = order.index(i);
                reader.read(index, split.next());
                if (split.read()) {
                    SeriesRow row =
                            SeriesRow.of(id, order.id(i), set.labels(index), set.metadata(index));
                    aggregates.compute(split.numbers());
                    SeriesSpan span = split.span(samples.rows(), hist == null ? 0 : hist.rows());
                    series.write(row, span, aggregates);
                    samples.write(row, split.numbers());
                    if (span.histRowCount() > 0) {
                        hist().write(row, split.histograms());
                    }
                }
            }
        }

        private HistFileWriter hist() throws IOException {
            if (hist == null) {
                hist = new HistFileWriter(paths.hist, config);
            }
            return hist;
        }

        /// Ends the files of samples.
        BlockMetadata finish(BlockId id) throws IOException {
            HistFileWriter last = hist;
            Map<String, String> common = BlockMetadata.common(id, last != null);
            long rows = samples.rows();
            TableFile samplesFile = table(paths.samples, rows, samples.finish(common));
            TableFile histFile =
                    last == null ? null : table(paths.hist, last.rows(), last.finish(common));
            return new BlockMetadata(id, series.rows(), samplesFile, histFile);
        }

        @Override
        public void close() throws IOException {
            try (samples;
                    series) {
                if (hist != null) {
                    hist.close();
                }
            }
        }
    }

    private static TableFile table(Path file, long rows, long tailOffset) throws IOException {
        return new TableFile(rows, Files.size(file), tailOffset, checksum(file, tailOffset));
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
