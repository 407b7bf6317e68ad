package dev.muster.blocks.read;

import dev.muster.blocks.schema.HistColumns;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.parquet.column.ColumnDescriptor;

/// The decoded rows of one page of a file of histograms, in all its columns. Immutable; owns its
/// arrays.
final class HistPage {
    /// Bytes that a page of one column may have decompressed.
    private static final long LARGEST_PAGE = 64L << 20;

    private final long[] timesMs;
    private final long[] startsMs;
    private final double[] counts;
    private final double[] sums;
    private final int[] schemas;
    private final double[] zeroThresholds;
    private final double[] zeroCounts;
    private final CounterReset[] resets;
    private final Lists positive;
    private final Lists negative;
    private final Lists bounds;

    private HistPage(PageSource pages, TableLayout layout, int page) throws IOException {
        PageList times = layout.column(SamplesColumns.TIME);
        Decoder decoder = new Decoder(pages, layout, page, times.rowCount(page));
        timesMs =
                SamplePages.times(
                        pages.page(times.offset(page), times.sizeBytes(page)), times, page);
        startsMs =
                SamplePages.starts(
                        pages,
                        layout.column(SamplesColumns.START_TIME),
                        page,
                        descriptor(SamplesColumns.START_TIME));
        counts = decoder.doubles(HistColumns.COUNT);
        sums = decoder.doubles(HistColumns.SUM);
        schemas = decoder.schemas();
        zeroThresholds = decoder.doubles(HistColumns.ZERO_THRESHOLD);
        zeroCounts = decoder.doubles(HistColumns.ZERO_COUNT);
        resets = decoder.resets();
        positive = decoder.buckets(HistColumns.POSITIVE_INDEX, HistColumns.POSITIVE_COUNT);
        negative = decoder.buckets(HistColumns.NEGATIVE_INDEX, HistColumns.NEGATIVE_COUNT);
        bounds = decoder.lists(HistColumns.CUSTOM, false);
    }

    /// @throws IOException if the page cannot be fetched, or is damaged
    static HistPage read(PageSource pages, TableLayout layout, int page) throws IOException {
        try {
            return new HistPage(pages, layout, page);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: histograms must decode: found=" + e, e);
        }
    }

    private static ColumnDescriptor descriptor(String path) {
        return HistColumns.SCHEMA.getColumnDescription(path.split("\\.", -1));
    }

    /// Times of the rows, ascending within a series.
    long[] timesMs() {
        return timesMs;
    }

    /// Since when a row counts; 0 where that is not known.
    long startMs(int row) {
        return startsMs[row];
    }

    NativeHistogram histogram(int row) throws DamagedBlockException {
        try {
            if (schemas[row] == NativeHistogram.CUSTOM_SCHEMA) {
                return NativeHistogram.custom(
                        resets[row],
                        counts[row],
                        sums[row],
                        bounds.numbers(row),
                        positive.buckets(row));
            }
            return NativeHistogram.exponential(
                    schemas[row],
                    resets[row],
                    zeroThresholds[row],
                    zeroCounts[row],
                    counts[row],
                    sums[row],
                    positive.buckets(row),
                    negative.buckets(row));
        } catch (IllegalArgumentException e) {
            throw new DamagedBlockException("page: " + e.getMessage(), e);
        }
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        return 64L * timesMs.length
                + positive.sizeBytes()
                + negative.sizeBytes()
                + bounds.sizeBytes();
    }

    /// A list of numbers for each row; for buckets also their indexes.
    private static final class Lists {
        private final int[] firsts;
        private int[] indexes = {};
        private double[] numbers = new double[64];
        private int count;

        Lists(int rows) {
            firsts = new int[rows + 1];
        }

        void add(double number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }

        double[] numbers(int row) {
            return Arrays.copyOfRange(numbers, firsts[row], firsts[row + 1]);
        }

        Buckets buckets(int row) {
            return Buckets.of(
                    Arrays.copyOfRange(indexes, firsts[row], firsts[row + 1]), numbers(row));
        }

        long sizeBytes() {
            return 4L * firsts.length + 4L * indexes.length + 8L * numbers.length;
        }
    }

    /// Decodes one column after another.
    private record Decoder(PageSource pages, TableLayout layout, int number, int rows) {
        private Page page(String column) throws IOException {
            PageList list = layout.column(column);
            return SamplePages.read(
                    pages.page(list.offset(number), list.sizeBytes(number)),
                    list,
                    number,
                    LARGEST_PAGE);
        }

        private PageCursor cursor(String column, Page page) throws IOException {
            ColumnDescriptor descriptor = descriptor(column);
            return new PageCursor(
                    page,
                    descriptor,
                    SamplePages.dictionary(pages, layout.column(column), number, descriptor));
        }

        /// A cursor over a column that has one value in each row.
        private PageCursor flat(String column) throws IOException {
            Page page = page(column);
            if (page.valueCount() != rows || page.nullCount() != 0) {
                throw new DamagedBlockException(
                        "page: header must agree with the page index: column=%s, rows=%d, values=%d"
                                .formatted(column, rows, page.valueCount()));
            }
            return cursor(column, page);
        }

        double[] doubles(String column) throws IOException {
            PageCursor cursor = flat(column);
            double[] doubles = new double[rows];
            for (int i = 0; cursor.next(); i++) {
                doubles[i] = cursor.float64();
            }
            return doubles;
        }

        int[] schemas() throws IOException {
            PageCursor cursor = flat(HistColumns.SCHEMA_NUMBER);
            int[] numbers = new int[rows];
            for (int i = 0; cursor.next(); i++) {
                numbers[i] = cursor.int32();
            }
            return numbers;
        }

        CounterReset[] resets() throws IOException {
            PageCursor cursor = flat(HistColumns.RESET_HINT);
            CounterReset[] resets = new CounterReset[rows];
            for (int i = 0; cursor.next(); i++) {
                resets[i] = CounterReset.valueOf(cursor.text().toUpperCase(Locale.ROOT));
            }
            return resets;
        }

        Lists buckets(String indexColumn, String countColumn) throws IOException {
            Lists counts = lists(countColumn, false);
            Lists indexes = lists(indexColumn, true);
            if (!Arrays.equals(counts.firsts, indexes.firsts)) {
                throw new DamagedBlockException(
                        "page: buckets must have as many indexes as counts: column=" + indexColumn);
            }
            counts.indexes = new int[indexes.count];
            for (int i = 0; i < indexes.count; i++) {
                counts.indexes[i] = (int) indexes.numbers[i];
            }
            return counts;
        }

        /// The lists of a column; each number as a double.
        Lists lists(String column, boolean whole) throws IOException {
            Page page = page(column);
            int present = page.valueCount() - page.nullCount();
            if (present < 0 || (!whole && page.valueBytes() != present * Double.BYTES)) {
                throw new DamagedBlockException(
                        "page: values must fill it: column=%s, expected=%d, sizeBytes=%d"
                                .formatted(column, present, page.valueBytes()));
            }
            PageCursor cursor = cursor(column, page);
            Lists lists = new Lists(rows);
            int row = -1;
            int empty = 0;
            while (cursor.next()) {
                if (!cursor.repeats()) {
                    lists.firsts[++row] = lists.count;
                }
                if (cursor.present()) {
                    lists.add(whole ? cursor.int32() : cursor.float64());
                } else {
                    empty++;
                }
            }
            SamplePages.checkNulls(page, empty);
            if (row != rows - 1) {
                throw new DamagedBlockException(
                        "page: every row must have a list: column=%s, expected=%d, actual=%d"
                                .formatted(column, rows, row + 1));
            }
            lists.firsts[rows] = lists.count;
            return lists;
        }
    }
}
