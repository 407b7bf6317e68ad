package dev.muster.blocks.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// A Parquet file whose columns cut their pages at the same rows, page by page and row group by row
/// group. Holds one row group, compressed. Confined to one thread.
final class PagedFile implements AutoCloseable {
    private final MessageType schema;
    private final Zstd zstd;
    private final ParquetFileWriter file;
    private @Nullable ColumnChunkPageWriteStore group;
    private int pages;
    private long rows;

    /// @param zstd owned by the caller
    PagedFile(Path path, MessageType schema, Zstd zstd) throws IOException {
        this.schema = schema;
        this.zstd = zstd;
        file = ParquetFiles.create(new LocalOutputFile(path), schema);
        file.start();
    }

    /// Where the next page of a column goes.
    ///
    /// @param path names of the column and the groups around it, with dots between them
    PageWriter page(String path) {
        if (group == null) {
            group = ParquetFiles.pages(zstd, schema);
        }
        return group.getPageWriter(schema.getColumnDescription(path.split("\\.", -1)));
    }

    /// All columns have written a page of so many rows.
    void endPage(int pageRows) {
        pages++;
        rows += pageRows;
    }

    /// Pages of the row group.
    int pages() {
        return pages;
    }

    void endRowGroup() throws IOException {
        ColumnChunkPageWriteStore ended = group;
        if (ended == null) {
            throw new IllegalStateException("a row group must have a page");
        }
        file.startBlock(rows);
        ended.flushToFileWriter(file);
        file.endBlock();
        ended.close();
        group = null;
        pages = 0;
        rows = 0;
    }

    /// Ends the file, whose last row group has ended.
    ///
    /// @return where the page indexes begin
    long finish(Map<String, String> metadata) throws IOException {
        long tailOffset = file.getPos();
        file.end(metadata);
        return tailOffset;
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            group.close();
        }
        file.close();
    }
}
