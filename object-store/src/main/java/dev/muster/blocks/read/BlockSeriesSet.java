package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The series that blocks hold.
final class BlockSeriesSet implements SeriesSet {
    private final List<FoundSeries> series;
    private final SelectRequest request;
    private final BlockWarnings warnings;
    private final long decodedBytesLimit;

    BlockSeriesSet(
            List<FoundSeries> series,
            SelectRequest request,
            BlockWarnings warnings,
            long decodedBytesLimit) {
        this.series = series;
        this.request = request;
        this.warnings = warnings;
        this.decodedBytesLimit = decodedBytesLimit;
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public Labels labels(int index) {
        return series.get(index).labels();
    }

    /// As the newest block has it, of those that have a help text if one does.
    @Override
    public MetricMetadata metadata(int index) {
        List<FoundSeries.Rows> rows = series.get(index).rows();
        for (FoundSeries.Rows block : rows.reversed()) {
            if (!block.metadata().help().isEmpty()) {
                return block.metadata();
            }
        }
        return rows.getLast().metadata();
    }

    @Override
    public List<String> warnings() {
        return warnings.list();
    }

    @Override
    public Completeness completeness() {
        return warnings.completeness();
    }

    @Override
    public void close() {}

    @Override
    public SampleReader reader() {
        return new Reader();
    }

    private final class Reader implements SampleReader {
        /// In order of use.
        private final LinkedHashMap<BlockPart, BlockReader> open =
                new LinkedHashMap<>(16, 0.75f, true);

        private final SampleColumns part = new SampleColumns();

        @Override
        public void read(int index, SampleColumns into) throws IOException {
            int start = into.size();
            for (FoundSeries.Rows rows : series.get(index).rows()) {
                part.clear();
                if (readPart(rows)) {
                    MergedSamples.append(part, into, start, false);
                }
            }
        }

        /// @return false if the block is missing from the answer
        private boolean readPart(FoundSeries.Rows rows) {
            BlockPart block = rows.block();
            if (block.failed()) {
                return false;
            }
            BlockReader reader = open.computeIfAbsent(block, b -> new BlockReader(b, request));
            try {
                reader.read(rows.span(), part);
                limitMemory(block);
                return true;
            } catch (IOException e) {
                if (block.fail()) {
                    warnings.add(block.entry(), e);
                }
                return false;
            }
        }

        /// Forgets pages of the blocks used longest ago.
        private void limitMemory(BlockPart current) {
            long bytes = 0;
            for (BlockReader reader : open.values()) {
                bytes += reader.sizeBytes();
            }
            Iterator<Map.Entry<BlockPart, BlockReader>> oldest = open.entrySet().iterator();
            while (bytes > decodedBytesLimit && oldest.hasNext()) {
                Map.Entry<BlockPart, BlockReader> entry = oldest.next();
                if (entry.getKey() != current) {
                    bytes -= entry.getValue().sizeBytes();
                    entry.getValue().forget();
                }
            }
        }
    }
}
