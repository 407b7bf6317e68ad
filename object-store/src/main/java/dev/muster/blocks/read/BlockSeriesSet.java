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

    @Override
    public MetricMetadata metadata(int index) {
        return series.get(index).metadata();
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

        private final SampleColumns spare = new SampleColumns(0);
        private long openBytes;

        @Override
        public void read(int index, SampleColumns into) {
            int start = into.size();
            series.get(index)
                    .forEach((block, number) -> {
                        if (!block.failed() && block.overlaps(number, request.range())) {
                            int middle = into.size();
                            readPart(block, number, into);
                            MergedSamples.join(into, start, middle, false, spare);
                        }
                    });
        }

        /// Appends nothing if the block is missing from the answer.
        private void readPart(BlockPart block, int number, SampleColumns into) {
            BlockReader reader = open.computeIfAbsent(block, b -> new BlockReader(b, request));
            int size = into.size();
            long before = reader.sizeBytes();
            try {
                reader.read(block.index().span(number), into);
            } catch (IOException e) {
                into.resize(size);
                if (block.fail()) {
                    warnings.add(block.entry(), e);
                }
            }
            openBytes += reader.sizeBytes() - before;
            if (openBytes > decodedBytesLimit) {
                limitMemory(block);
            }
        }

        /// Forgets pages of the blocks used longest ago.
        private void limitMemory(BlockPart current) {
            Iterator<Map.Entry<BlockPart, BlockReader>> oldest = open.entrySet().iterator();
            while (openBytes > decodedBytesLimit && oldest.hasNext()) {
                Map.Entry<BlockPart, BlockReader> entry = oldest.next();
                if (entry.getKey() != current) {
                    openBytes -= entry.getValue().sizeBytes();
                    oldest.remove();
                }
            }
        }
    }
}
