package dev.muster.blocks.write;

import dev.muster.blocks.schema.PageEncodings;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.schema.MessageType;

/// Writes a samples file, series by series. Confined to one thread.
final class SamplesFileWriter implements AutoCloseable {
    /*
     * Pages are built here, column by column, and not through Parquet's writers of single values: a series is one run
     * in six of the eight columns. All columns cut their pages at the same rows, and row groups are whole pages, so
     * that a range of rows is the same pages in each column.
     */
    private static final MessageType SCHEMA = SamplesColumns.SCHEMA;

    private final BlockWriterConfig config;
    private final Zstd zstd;
    private final PagedFile file;
    private final LeadingColumns leading = new LeadingColumns(SCHEMA);
    private final ValueColumn values;
    private long rows;

    SamplesFileWriter(Path path, BlockWriterConfig config) throws IOException {
        this.config = config;
        zstd = new Zstd(config.zstdLevel());
        values =
                new ValueColumn(
                        SCHEMA.getType(SamplesColumns.VALUE).asPrimitiveType(),
                        zstd,
                        config.pageRows());
        file = new PagedFile(path, SCHEMA, zstd);
    }

    /// Rows written so far.
    long rows() {
        return rows;
    }

    /// @param samples no histograms
    void write(SeriesRow series, SampleColumns samples) throws IOException {
        int written = 0;
        while (written < samples.size()) {
            int length = Math.min(samples.size() - written, config.pageRows() - leading.rows());
            leading.add(series, samples, written, length);
            values.add(samples.values(), written, length);
            written += length;
            rows += length;
            if (leading.rows() == config.pageRows()) {
                endPage();
            }
        }
    }

    private void endPage() throws IOException {
        int pageRows = leading.rows();
        leading.writePage(file::page);
        values.writePage(file.page(SamplesColumns.VALUE), pageRows);
        file.endPage(pageRows);
        if (file.pages() == config.rowGroupPages() || leading.full()) {
            endRowGroup();
        }
    }

    private void endRowGroup() throws IOException {
        leading.endRowGroup(file::page);
        file.endRowGroup();
    }

    /// Ends the file.
    ///
    /// @return where the page indexes begin
    long finish(Map<String, String> metadata) throws IOException {
        if (leading.rows() > 0) {
            endPage();
        }
        if (file.pages() > 0) {
            endRowGroup();
        }
        Map<String, String> pairs = new TreeMap<>(metadata);
        pairs.put(PageEncodings.VALUES, PageEncodings.text(values.encodings()));
        return file.finish(pairs);
    }

    @Override
    public void close() throws IOException {
        zstd.close();
        file.close();
    }
}
