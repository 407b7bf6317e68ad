package dev.muster.blocks.write;

import dev.muster.blocks.read.PagePlaces;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The files of one block on their way, series by series in the order of the block. Unless it was
/// finished, closing it removes them. Confined to one thread.
public final class BlockOutput implements AutoCloseable {
    private final BlockId id;
    private final BlockWriterConfig config;
    private final Paths paths;
    private final SamplesFileWriter samples;
    private final SeriesFileWriter series;
    private final SeriesSplit split = new SeriesSplit();
    private final SeriesAggregates aggregates = new SeriesAggregates();
    private final SeriesIds ids = new SeriesIds();
    private @Nullable HistFileWriter hist;
    private boolean finished;

    /// Row of the samples file at which each metric begins, in order.
    private final List<PagePlaces.MetricRows> metrics = new ArrayList<>();

    /// @param directory where the files go; created if missing. Files of the same block are
    ///   replaced
    public BlockOutput(BlockId id, Path directory, BlockWriterConfig config) throws IOException {
        this.id = id;
        this.config = config;
        Files.createDirectories(directory);
        paths = Paths.of(id, directory);
        Files.deleteIfExists(paths.hist);
        samples = new SamplesFileWriter(paths.samples, config);
        try {
            series = new SeriesFileWriter(paths.series, id.isMerged(), config.zstdLevel());
        } catch (IOException e) {
            samples.close();
            Files.deleteIfExists(paths.samples);
            throw e;
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

    /// Empty columns, into which the samples of the next series go.
    public SampleColumns samples() {
        return split.next();
    }

    /// Adds the series whose samples [#samples()] has; nothing if there are none.
    ///
    /// @param agent host of the agent whose samples they are
    public void add(String agent, Labels labels, MetricMetadata metadata) throws IOException {
        if (split.read()) {
            write(SeriesRow.of(id, agent, ids.next(labels), labels, metadata));
        }
    }

    /// As above.
    ///
    /// @param number of the series in this block
    void add(String agent, long number, Labels labels, MetricMetadata metadata) throws IOException {
        if (split.read()) {
            write(SeriesRow.of(id, agent, number, labels, metadata));
        }
    }

    private void write(SeriesRow row) throws IOException {
        aggregates.compute(split.numbers());
        SeriesSpan span = split.span(samples.rows(), hist == null ? 0 : hist.rows());
        if (metrics.isEmpty() || !metrics.getLast().metric().equals(row.metric())) {
            metrics.add(new PagePlaces.MetricRows(row.metric(), samples.rows()));
        }
        series.write(row, span, aggregates);
        samples.write(row, split.numbers());
        if (span.histRowCount() > 0) {
            hist().write(row, split.histograms());
        }
    }

    private HistFileWriter hist() throws IOException {
        HistFileWriter open = hist;
        if (open == null) {
            open = new HistFileWriter(paths.hist, config);
            hist = open;
        }
        return open;
    }

    /// Ends the files.
    public LocalBlock finish() throws IOException {
        BlockMetadata metadata = finishTables();
        Map<String, String> pairs = metadata.pairs();
        PagePlaces.addSamples(pairs, paths.samples, metadata.samples());
        TableFile histFile = metadata.hist();
        if (histFile != null) {
            PagePlaces.addHist(pairs, paths.hist, histFile);
        }
        pairs.put(SeriesFile.CHECK, SeriesFile.UNCHECKED);
        series.finish(pairs);
        seal(paths.series);
        finished = true;
        return new LocalBlock(
                id,
                paths.samples,
                histFile == null ? null : paths.hist,
                paths.series,
                metadata.seriesCount(),
                metadata.sampleCount(),
                histFile == null ? 0 : histFile.rows(),
                metadata.samples().sizeBytes(),
                histFile == null ? 0 : histFile.sizeBytes(),
                Files.size(paths.series),
                id.isMerged() ? PagePlaces.ofMetrics(pairs, metrics) : MetricPlaces.NONE);
    }

    private BlockMetadata finishTables() throws IOException {
        HistFileWriter last = hist;
        Map<String, String> common = BlockMetadata.common(id, last != null);
        long rows = samples.rows();
        TableFile samplesFile = table(paths.samples, rows, samples.finish(common));
        TableFile histFile =
                last == null ? null : table(paths.hist, last.rows(), last.finish(common));
        return new BlockMetadata(id, series.rows(), samplesFile, histFile);
    }

    private static TableFile table(Path file, long rows, long tailOffset) throws IOException {
        return new TableFile(rows, Files.size(file), tailOffset, checksum(file, tailOffset));
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

    @Override
    public void close() throws IOException {
        try (samples;
                series) {
            if (hist != null) {
                hist.close();
            }
        } finally {
            if (!finished) {
                Files.deleteIfExists(paths.samples);
                Files.deleteIfExists(paths.hist);
                Files.deleteIfExists(paths.series);
            }
        }
    }
}
