package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The series that blocks hold.
final class BlockSeriesSet implements SeriesSet {
    private final List<FoundSeries> series;
    private final SelectRequest request;
    private final BlockWarnings warnings;
    private final QueryHold hold;
    private final long decodedBytesLimit;

    /// @param hold memory that is given back when this is closed
    BlockSeriesSet(
            List<FoundSeries> series,
            SelectRequest request,
            BlockWarnings warnings,
            QueryHold hold,
            long decodedBytesLimit) {
        this.series = series;
        this.request = request;
        this.warnings = warnings;
        this.hold = hold;
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
    public void close() {
        hold.release();
    }

    @Override
    public SampleReader reader() {
        return new Reader();
    }

    private final class Reader implements SampleReader {
        /// By place of the block; null until it is read, and where it was forgotten.
        private @Nullable BlockReader[] open = new @Nullable BlockReader[16];

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
            BlockReader reader = reader(block);
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
                forgetAllBut(block, reader);
            }
        }

        private BlockReader reader(BlockPart block) {
            int place = block.order();
            if (place >= open.length) {
                open = Arrays.copyOf(open, Math.max(place + 1, 2 * open.length));
            }
            BlockReader reader = open[place];
            if (reader == null) {
                reader = new BlockReader(block, request);
                open[place] = reader;
            }
            return reader;
        }

        private void forgetAllBut(BlockPart block, BlockReader reader) {
            Arrays.fill(open, null);
            open[block.order()] = reader;
            openBytes = reader.sizeBytes();
        }
    }
}
