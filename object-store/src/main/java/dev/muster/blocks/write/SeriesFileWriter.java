package dev.muster.blocks.write;

import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// Writes a series file, row by row. Confined to one thread.
final class SeriesFileWriter implements AutoCloseable {
    private static final int GROUP_ROWS = 65_536;
    private static final long MICROS_PER_MS = 1_000;
    private static final ParquetProperties PROPERTIES =
            ParquetProperties.builder()
                    .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
                    .withPageSize(1 << 20)
                    .withPageRowCountLimit(GROUP_ROWS)
                    .withDictionaryPageSize(1 << 22)
                    .withDictionaryEncoding(true)
                    .withDictionaryEncoding(SeriesColumns.SERIES_ID, false)
                    .withDictionaryEncoding(SeriesColumns.ROW_START, false)
                    .build();

    private final boolean merged;
    private final MessageType schema;
    private final Zstd zstd;
    private final ParquetFileWriter file;
    private @Nullable Group group;
    private long rows;

    /// @param merged whether each row says of which agent it is
    SeriesFileWriter(Path path, boolean merged, int zstdLevel) throws IOException {
        this.merged = merged;
        schema = merged ? SeriesColumns.MERGED_SCHEMA : SeriesColumns.SCHEMA;
        zstd = new Zstd(zstdLevel);
        file = ParquetFiles.create(new LocalOutputFile(path), schema);
        file.start();
    }

    long rows() {
        return rows;
    }

    /// @param of the numbers of the series
    void write(SeriesRow row, SeriesSpan span, SeriesAggregates of) throws IOException {
        if (group == null) {
            group = new Group();
        }
        group.write(row, span, of);
        rows++;
        if (group.rows == GROUP_ROWS) {
            group.end();
            group = null;
        }
    }

    void finish(Map<String, String> metadata) throws IOException {
        if (group != null) {
            group.end();
            group = null;
        }
        file.end(metadata);
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            group.close();
        }
        zstd.close();
        file.close();
    }

    /// One row group on its way.
    private final class Group {
        private final ColumnChunkPageWriteStore pages = ParquetFiles.pages(zstd, schema);
        private final ColumnWriteStore store = PROPERTIES.newColumnWriteStore(schema, pages, pages);
        private final Map<String, ColumnWriter> columns = new HashMap<>();
        private int rows;

        void write(SeriesRow row, SeriesSpan span, SeriesAggregates of) {
            Labels labels = row.labels();
            column(SeriesColumns.SERIES_ID).write(row.id(), 0, 0);
            text(SeriesColumns.METRIC, row.metric());
            text(SeriesColumns.TYPE, row.metadata().type().text());
            optional(SeriesColumns.UNIT, row.metadata().unit());
            text(SeriesColumns.CELL, row.cell());
            text(SeriesColumns.HOST, row.host());
            optional(SeriesColumns.SERVICE, row.service());
            optional(SeriesColumns.JOB, labels.get("job"));
            optional(SeriesColumns.INSTANCE, labels.get("instance"));
            labels(labels);
            column(SeriesColumns.ROW_START).write(span.rowStart(), 0, 0);
            number(SeriesColumns.ROW_COUNT, span.rowCount());
            column(SeriesColumns.MIN_TIME).write(span.minMs() * MICROS_PER_MS, 0, 0);
            column(SeriesColumns.MAX_TIME).write(span.maxMs() * MICROS_PER_MS, 0, 0);
            aggregates(of);
            optional(SeriesColumns.HELP, row.metadata().help());
            boolean hist = span.histRowCount() > 0;
            optional(SeriesColumns.HIST_ROW_START, hist, span.histRowStart());
            optional(SeriesColumns.HIST_ROW_COUNT, hist, span.histRowCount());
            long startMs = span.startMs();
            optional(SeriesColumns.START_TIME, startMs != 0, startMs * MICROS_PER_MS);
            int changes = span.startChanges();
            optional(SeriesColumns.START_CHANGES, changes >= 0, changes);
            if (merged) {
                text(SeriesColumns.AGENT, row.agent());
            }
            store.endRecord();
            rows++;
        }

        private void labels(Labels labels) {
            ColumnWriter names = column(SeriesColumns.LABEL_NAME);
            ColumnWriter values = column(SeriesColumns.LABEL_VALUE);
            if (labels.size() == 0) {
                names.writeNull(0, 0);
                values.writeNull(0, 0);
            }
            for (int i = 0; i < labels.size(); i++) {
                int repetition = i == 0 ? 0 : 1;
                names.write(Binary.fromString(labels.name(i)), repetition, 1);
                values.write(Binary.fromString(labels.value(i)), repetition, 1);
            }
        }

        private void aggregates(SeriesAggregates of) {
            number(SeriesColumns.COUNT, of.count());
            number(SeriesColumns.STALE_COUNT, of.staleCount());
            boolean any = of.count() > 0;
            optional(SeriesColumns.FIRST, any, of.first());
            optional(SeriesColumns.LAST, any, of.last());
            optional(SeriesColumns.MIN, any, of.min());
            optional(SeriesColumns.MAX, any, of.max());
            optional(SeriesColumns.SUM, any, of.sum());
            number(SeriesColumns.RESETS, of.resets());
        }

        private void text(String column, String value) {
            column(column).write(Binary.fromString(value), 0, 0);
        }

        private void number(String column, int value) {
            column(column).write(value, 0, 0);
        }

        private void optional(String column, @Nullable String value) {
            if (value == null || value.isEmpty()) {
                column(column).writeNull(0, 0);
            } else {
                column(column).write(Binary.fromString(value), 0, 1);
            }
        }

        private void optional(String column, boolean present, long value) {
            if (present) {
                column(column).write(value, 0, 1);
            } else {
                column(column).writeNull(0, 0);
            }
        }

        private void optional(String column, boolean present, int value) {
            if (present) {
                column(column).write(value, 0, 1);
            } else {
                column(column).writeNull(0, 0);
            }
        }

        private void optional(String column, boolean present, double value) {
            if (present) {
                column(column).write(value, 0, 1);
            } else {
                column(column).writeNull(0, 0);
            }
        }

        private ColumnWriter column(String path) {
            return columns.computeIfAbsent(
                    path,
                    p -> store.getColumnWriter(schema.getColumnDescription(p.split("\\.", -1))));
        }

        void end() throws IOException {
            file.startBlock(rows);
            store.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
            close();
        }

        void close() {
            store.close();
            pages.close();
        }
    }
}
