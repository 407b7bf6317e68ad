package dev.muster.blocks.write;

import dev.muster.blocks.schema.SeriesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/// A sealed file of one row group, of a table of what happened. Confined to one thread.
final class EventFile {
    private static final int ZSTD_LEVEL = 3;

    private final MessageType schema;
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore store;
    private final Map<String, ColumnWriter> columns = new HashMap<>();
    private int rows;

    private EventFile(MessageType schema, ParquetProperties properties, Zstd zstd) {
        this.schema = schema;
        pages = ParquetFiles.pages(zstd, schema);
        store = properties.newColumnWriteStore(schema, pages, pages);
    }

    /// @param plain columns in which values seldom come again: they have no dictionary
    static ParquetProperties properties(String... plain) {
        ParquetProperties.Builder properties =
                ParquetProperties.builder()
                        .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
                        .withPageSize(1 << 20)
                        .withDictionaryPageSize(1 << 22)
                        .withDictionaryEncoding(true);
        for (String column : plain) {
            properties.withDictionaryEncoding(column, false);
        }
        return properties.build();
    }

    /// The bytes of a file.
    ///
    /// @param metadata what its footer says, but for the checksum
    /// @param scratch a file that is made and deleted
    /// @param rows writes each column of a row, and ends it
    static byte[] write(
            MessageType schema,
            ParquetProperties properties,
            Map<String, String> metadata,
            Path scratch,
            Consumer<EventFile> rows)
            throws IOException {
        metadata.put(SeriesFile.CHECK, SeriesFile.UNCHECKED);
        try {
            try (var zstd = new Zstd(ZSTD_LEVEL);
                    ParquetFileWriter file =
                            ParquetFiles.create(new LocalOutputFile(scratch), schema)) {
                file.start();
                EventFile group = new EventFile(schema, properties, zstd);
                rows.accept(group);
                group.end(file);
                file.end(metadata);
            }
            byte[] bytes = Files.readAllBytes(scratch);
            SeriesFile.seal(bytes);
            return bytes;
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    private void end(ParquetFileWriter file) throws IOException {
        if (rows > 0) {
            file.startBlock(rows);
            store.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
        }
        store.close();
        pages.close();
    }

    ColumnWriter column(String path) {
        return columns.computeIfAbsent(
                path, p -> store.getColumnWriter(schema.getColumnDescription(p.split("\\.", -1))));
    }

    void endRow() {
        store.endRecord();
        rows++;
    }
}
