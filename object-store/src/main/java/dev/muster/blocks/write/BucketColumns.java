package dev.muster.blocks.write;

import dev.muster.model.histogram.Buckets;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.schema.PrimitiveType;

/// The buckets of histograms on one side of zero: a list of indexes and counts for each row.
/// Confined to the thread of its file.
final class BucketColumns {
    private final PrimitiveType indexType;
    private final ListLevels levels = new ListLevels();
    private final DoublePage counts;
    private DeltaBinaryPackingValuesWriterForInteger indexes = indexes();
    private Statistics<?> indexStatistics;

    BucketColumns(PrimitiveType indexType, PrimitiveType countType, Zstd zstd) {
        this.indexType = indexType;
        counts = new DoublePage(countType, zstd, 1_024);
        indexStatistics = Statistics.createStats(indexType);
    }

    private static DeltaBinaryPackingValuesWriterForInteger indexes() {
        return new DeltaBinaryPackingValuesWriterForInteger(
                1 << 12, 1 << 20, HeapByteBufferAllocator.getInstance());
    }

    /// Adds the buckets of one row.
    void add(Buckets buckets) throws IOException {
        levels.add(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            indexes.writeInteger(buckets.index(i));
            indexStatistics.updateStats(buckets.index(i));
            counts.add(buckets.count(i));
        }
    }

    void writePage(PageWriter indexWriter, PageWriter countWriter, int rows) throws IOException {
        BytesInput repetitions = levels.repetitions();
        BytesInput definitions = levels.definitions();
        indexStatistics.incrementNumNulls(levels.emptyCount());
        indexWriter.writePageV2(
                rows,
                levels.emptyCount(),
                levels.count(),
                repetitions,
                definitions,
                Encoding.DELTA_BINARY_PACKED,
                indexes.getBytes(),
                indexStatistics);
        byte[] data = counts.encoded();
        countWriter.writePageV2(
                rows,
                levels.emptyCount(),
                levels.count(),
                repetitions,
                definitions,
                counts.encoding(),
                BytesInput.from(data),
                counts.statistics(levels.emptyCount()));
        clear();
    }

    private void clear() {
        levels.clear();
        counts.clear();
        indexes.close();
        indexes = indexes();
        indexStatistics = Statistics.createStats(indexType);
    }

    /// The next page begins a row group.
    void endRowGroup() {
        counts.chooseAgain();
    }

    void close() {
        indexes.close();
    }
}
