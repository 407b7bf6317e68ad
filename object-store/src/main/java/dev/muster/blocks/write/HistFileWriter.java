package dev.muster.blocks.write;

import dev.muster.blocks.schema.HistColumns;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/// Writes a file of native histograms, series by series. All columns cut their pages at the same
/// rows. Confined to one thread.
final class HistFileWriter implements AutoCloseable {
    private static final MessageType SCHEMA = HistColumns.SCHEMA;

    /// Most rows of a page.
    private static final int PAGE_ROWS = 4_096;

    /// A page ends when it has so many buckets and bounds.
    private static final int PAGE_BUCKETS = 65_536;

    private final BlockWriterConfig config;
    private final int pageRows;
    private final Zstd zstd;
    private final PagedFile file;
    private final LeadingColumns leading = new LeadingColumns(SCHEMA);
    private final DoubleColumn counts;
    private final DoubleColumn sums;
    private final DoubleColumn zeroCounts;
    private final DictionaryColumn<Integer> schemas = dictionary(HistColumns.SCHEMA_NUMBER);
    private final DictionaryColumn<Double> zeroThresholds = dictionary(HistColumns.ZERO_THRESHOLD);
    private final DictionaryColumn<String> resets = dictionary(HistColumns.RESET_HINT);
    private final BucketColumns positive;
    private final BucketColumns negative;
    private final BoundsColumn bounds;
    private int pageBuckets;
    private long rows;

    HistFileWriter(Path path, BlockWriterConfig config) throws IOException {
        this.config = config;
        pageRows = Math.min(PAGE_ROWS, config.pageRows());
        zstd = new Zstd(config.zstdLevel());
        counts = new DoubleColumn(type(HistColumns.COUNT), zstd);
        sums = new DoubleColumn(type(HistColumns.SUM), zstd);
        zeroCounts = new DoubleColumn(type(HistColumns.ZERO_COUNT), zstd);
        positive =
                new BucketColumns(
                        type(HistColumns.POSITIVE_INDEX), type(HistColumns.POSITIVE_COUNT), zstd);
        negative =
                new BucketColumns(
                        type(HistColumns.NEGATIVE_INDEX), type(HistColumns.NEGATIVE_COUNT), zstd);
        bounds = new BoundsColumn(type(HistColumns.CUSTOM), zstd);
        file = new PagedFile(path, SCHEMA, zstd);
    }

    private static <T> DictionaryColumn<T> dictionary(String name) {
        return new DictionaryColumn<>(type(name));
    }

    private static PrimitiveType type(String path) {
        return SCHEMA.getColumnDescription(path.split("\\.", -1)).getPrimitiveType();
    }

    /// Rows written so far.
    long rows() {
        return rows;
    }

    /// @param samples histograms alone
    void write(SeriesRow series, SampleColumns samples) throws IOException {
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram == null) {
                throw new IllegalArgumentException("every sample must be a histogram: index=" + i);
            }
            leading.add(series, samples, i, 1);
            add(histogram);
            rows++;
            if (leading.rows() == pageRows || pageBuckets >= PAGE_BUCKETS) {
                endPage();
            }
        }
    }

    private void add(NativeHistogram histogram) throws IOException {
        counts.add(histogram.count());
        sums.add(histogram.sum());
        schemas.add(histogram.schema(), 1);
        zeroThresholds.add(histogram.zeroThreshold(), 1);
        zeroCounts.add(histogram.zeroCount());
        positive.add(histogram.positive());
        negative.add(histogram.negative());
        bounds.add(histogram);
        resets.add(histogram.counterReset().name().toLowerCase(Locale.ROOT), 1);
        pageBuckets +=
                histogram.positive().size()
                        + histogram.negative().size()
                        + histogram.customBoundCount();
    }

    private void endPage() throws IOException {
        int rowsOfPage = leading.rows();
        leading.writePage(file::page);
        counts.writePage(file.page(HistColumns.COUNT));
        sums.writePage(file.page(HistColumns.SUM));
        schemas.writePage(file.page(HistColumns.SCHEMA_NUMBER), rowsOfPage);
        zeroThresholds.writePage(file.page(HistColumns.ZERO_THRESHOLD), rowsOfPage);
        zeroCounts.writePage(file.page(HistColumns.ZERO_COUNT));
        positive.writePage(
                file.page(HistColumns.POSITIVE_INDEX),
                file.page(HistColumns.POSITIVE_COUNT),
                rowsOfPage);
        negative.writePage(
                file.page(HistColumns.NEGATIVE_INDEX),
                file.page(HistColumns.NEGATIVE_COUNT),
                rowsOfPage);
        bounds.writePage(file.page(HistColumns.CUSTOM), rowsOfPage);
        resets.writePage(file.page(HistColumns.RESET_HINT), rowsOfPage);
        file.endPage(rowsOfPage);
        pageBuckets = 0;
        if (file.pages() == config.rowGroupPages() || leading.full()) {
            endRowGroup();
        }
    }

    private void endRowGroup() throws IOException {
        leading.endRowGroup(file::page);
        schemas.writeDictionary(file.page(HistColumns.SCHEMA_NUMBER));
        zeroThresholds.writeDictionary(file.page(HistColumns.ZERO_THRESHOLD));
        resets.writeDictionary(file.page(HistColumns.RESET_HINT));
        counts.endRowGroup();
        sums.endRowGroup();
        zeroCounts.endRowGroup();
        positive.endRowGroup();
        negative.endRowGroup();
        bounds.endRowGroup();
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
        return file.finish(metadata);
    }

    @Override
    public void close() throws IOException {
        positive.close();
        negative.close();
        zstd.close();
        file.close();
    }
}
