package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;

/// The rows of a samples file, one page after another. Confined to one thread.
final class SampleScan {
    private static final ColumnDescriptor START =
            SamplesColumns.SCHEMA.getColumnDescription(new String[] {SamplesColumns.START_TIME});

    private final TableLayout layout;
    private final PageList times;
    private final PageList values;
    private final PageRuns pages;
    private int page = -1;
    private long[] timesMs = {};
    private double[] numbers = {};
    private int startsPage = -1;
    private long[] starts = {};

    SampleScan(Fetcher fetcher, String key, TableLayout layout, int runBytes) throws IOException {
        this.layout = layout;
        times = layout.column(SamplesColumns.TIME);
        values = layout.column(SamplesColumns.VALUE);
        List<PageList> columns = new ArrayList<>(layout.columns());
        pages = new PageRuns(fetcher, key, columns, runBytes);
        if (!values.sameRows(times)) {
            throw new DamagedBlockException(
                    "samples file: columns must cut pages at the same rows");
        }
    }

    /// Appends the rows of one series.
    void read(SeriesSpan span, SampleColumns into) throws IOException {
        long row = span.rowStart();
        into.reserve(span.rowCount());
        while (row < span.rowEnd()) {
            int number = times.pageOf(row);
            decode(number);
            long pageStart = times.firstRow(number);
            long end = Math.min(span.rowEnd(), pageStart + times.rowCount(number));
            for (int at = (int) (row - pageStart); at < end - pageStart; at++) {
                into.append(timesMs[at], numbers[at]);
                start(span, pageStart + at, into);
            }
            row = end;
        }
    }

    private void start(SeriesSpan span, long row, SampleColumns into) throws IOException {
        int last = into.size() - 1;
        if (span.startChanges() >= 0 && !Staleness.isStale(into.values()[last])) {
            into.setStart(last, span.hasStartColumn() ? startMs(row) : span.startMs());
        }
    }

    private long startMs(long row) throws IOException {
        PageList list = layout.column(SamplesColumns.START_TIME);
        int number = list.pageOf(row);
        if (number != startsPage) {
            startsPage = -1;
            starts = SamplePages.starts(pages, list, number, START);
            startsPage = number;
        }
        return starts[(int) (row - list.firstRow(number))];
    }

    private void decode(int number) throws IOException {
        if (number == page) {
            return;
        }
        page = -1;
        int rows = times.rowCount(number);
        if (timesMs.length < rows) {
            timesMs = new long[rows];
            numbers = new double[rows];
        }
        RowPart all = RowPart.all(rows);
        try (PageScratch scratch = PageScratch.take()) {
            SamplePages.times(
                    pages.page(times.offset(number), times.sizeBytes(number)),
                    times,
                    number,
                    scratch,
                    all,
                    timesMs);
            SamplePages.values(
                            pages.page(values.offset(number), values.sizeBytes(number)),
                            values,
                            number,
                            scratch,
                            numbers)
                    .make(0, rows);
        }
        page = number;
    }
}
