package dev.muster.blocks.write;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Writes a samples file, series by series. Confined to one thread.
final class SamplesFileWriter implements AutoCloseable {
    /*
     * Pages are built here, column by column, and not through Parquet's writers of single values: a series is one run
     * in five of the seven columns. All columns cut their pages at the same rows, and row groups are whole pages, so
     * that a range of rows is the same pages in each column.
     */
    private static final MessageType SCHEMA = SamplesColumns.SCHEMA;
    private static final ByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();
    private static final long MICROS_PER_MS = 1_000;

    private final BlockWriterConfig config;
    private final Zstd zstd;
    private final ParquetFileWriter file;
    private final DictionaryColumn<String> metrics = text(SamplesColumns.METRIC);
    private final DictionaryColumn<String> cells = text(SamplesColumns.CELL);
    private final DictionaryColumn<String> hosts = text(SamplesColumns.HOST);
    private final DictionaryColumn<String> services = text(SamplesColumns.SERVICE);
    private final DictionaryColumn<Long> ids =
            new DictionaryColumn<>(type(SamplesColumns.SERIES_ID));
    private final ValueColumn values;
    private final long[] timesUs;
    private @Nullable ColumnChunkPageWriteStore group;
    private int pageRows;
    private int groupPages;
    private long groupRows;
    private long rows;

    SamplesFileWriter(Path path, BlockWriterConfig config) throws IOException {
        this.config = config;
        zstd = new Zstd(config.zstdLevel());
        values = new ValueColumn(type(SamplesColumns.VALUE), zstd, config.pageRows());
        timesUs = new long[config.pageRows()];
        file = ParquetFiles.create(new LocalOutputFile(path), SCHEMA);
        file.start();
    }

    private static DictionaryColumn<String> text(String name) {
        return new DictionaryColumn<>(type(name));
    }

    private static PrimitiveType type(String name) {
        return SCHEMA.getType(name).asPrimitiveType();
    }

    /// Rows written so far.
    long rows() {
        return rows;
    }

    void write(SeriesRow series, SampleColumns samples) throws IOException {
        int written = 0;
        while (written < samples.size()) {
            int length = Math.min(samples.size() - written, config.pageRows() - pageRows);
            metrics.add(series.metric(), length);
            cells.add(series.cell(), length);
            hosts.add(series.host(), length);
            services.add(series.service(), length);
            ids.add(series.id(), length);
            for (int i = 0; i < length; i++) {
                timesUs[pageRows + i] = samples.timestampsMs()[written + i] * MICROS_PER_MS;
            }
            values.add(samples.values(), written, length);
            pageRows += length;
            written += length;
            rows += length;
            if (pageRows == config.pageRows()) {
                endPage();
            }
        }
    }

    private void endPage() throws IOException {
        ColumnChunkPageWriteStore store = group();
        metrics.writePage(writer(store, SamplesColumns.METRIC), pageRows);
        cells.writePage(writer(store, SamplesColumns.CELL), pageRows);
        hosts.writePage(writer(store, SamplesColumns.HOST), pageRows);
        services.writePage(writer(store, SamplesColumns.SERVICE), pageRows);
        ids.writePage(writer(store, SamplesColumns.SERIES_ID), pageRows);
        writeTimes(writer(store, SamplesColumns.TIME));
        values.writePage(writer(store, SamplesColumns.VALUE), pageRows);
        groupRows += pageRows;
        pageRows = 0;
        groupPages++;
        if (groupPages == config.rowGroupPages()) {
            endRowGroup(store);
        }
    }

    private void writeTimes(PageWriter writer) throws IOException {
        Statistics<?> statistics = Statistics.createStats(type(SamplesColumns.TIME));
        statistics.incrementNumNulls(0);
        try (var encoder =
                new DeltaBinaryPackingValuesWriterForLong(
                        1 << 12, pageRows * Long.BYTES + (1 << 12), HEAP)) {
            for (int i = 0; i < pageRows; i++) {
                encoder.writeLong(timesUs[i]);
                statistics.updateStats(timesUs[i]);
            }
            writer.writePageV2(
                    pageRows,
                    0,
                    pageRows,
                    BytesInput.empty(),
                    BytesInput.empty(),
                    Encoding.DELTA_BINARY_PACKED,
                    encoder.getBytes(),
                    statistics);
        }
    }

    private ColumnChunkPageWriteStore group() {
        if (group == null) {
            group = ParquetFiles.pages(zstd, SCHEMA);
        }
        return group;
    }

    private static PageWriter writer(ColumnChunkPageWriteStore store, String column) {
        return store.getPageWriter(SCHEMA.getColumnDescription(new String[] {column}));
    }

    private void endRowGroup(ColumnChunkPageWriteStore store) throws IOException {
        metrics.writeDictionary(writer(store, SamplesColumns.METRIC));
        cells.writeDictionary(writer(store, SamplesColumns.CELL));
        hosts.writeDictionary(writer(store, SamplesColumns.HOST));
        services.writeDictionary(writer(store, SamplesColumns.SERVICE));
        ids.writeDictionary(writer(store, SamplesColumns.SERIES_ID));
        values.endRowGroup();
        file.startBlock(groupRows);
        store.flushToFileWriter(file);
        file.endBlock();
        store.close();
        group = null;
        groupPages = 0;
        groupRows = 0;
    }

    /// Ends the file.
    ///
    /// @return where the page indexes begin
    long finish(Map<String, String> metadata) throws IOException {
        if (pageRows > 0) {
            endPage();
        }
        if (group != null) {
            endRowGroup(group);
        }
        long tailOffset = file.getPos();
        file.end(metadata);
        return tailOffset;
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            group.close();
        }
        zstd.close();
        file.close();
    }
}
