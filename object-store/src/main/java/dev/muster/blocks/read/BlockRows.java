package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/// Reads rows of one samples file; remembers the page decoded last. Confined to one thread.
final class BlockRows {
    private static final ColumnDescriptor START =
            SamplesColumns.SCHEMA.getColumnDescription(new String[] {SamplesColumns.START_TIME});

    private final BlockPart.Table table;
    private final PageList timePages;
    private final PageList valuePages;
    private final PageFetch pages;
    private final ReadBudget budget;
    private int pageNumber = -1;
    private @Nullable RowPage page;
    private int startsPage = -1;
    private long[] starts = {};

    BlockRows(BlockPart.Table table, ReadBudget budget) throws DamagedBlockException {
        this.table = table;
        pages = table.pages();
        timePages = table.layout().column(SamplesColumns.TIME);
        valuePages = table.layout().column(SamplesColumns.VALUE);
        this.budget = budget;
        if (!valuePages.sameRows(timePages)) {
            throw new DamagedBlockException(
                    "samples file: columns must cut pages at the same rows");
        }
    }

    /// Memory of the decoded pages.
    long sizeBytes() {
        RowPage current = page;
        return 8L * starts.length + (current == null ? 0 : current.sizeBytes());
    }

    /// Appends the rows of one series whose times lie in the range.
    void read(SeriesSpan span, TimeRange range, SampleColumns into) throws IOException {
        boolean whole = range.startMs() <= span.minMs() && span.maxMs() < range.endMs();
        long end = span.rowEnd();
        for (long row = span.rowStart(); row < end; ) {
            int number = timePages.pageOf(row);
            long pageStart = timePages.firstRow(number);
            RowPage rows = page(number);
            int from = (int) (row - pageStart);
            int to = (int) (Math.min(end, pageStart + timePages.rowCount(number)) - pageStart);
            int first = whole ? from : rows.firstAtOrAfter(from, to, range.startMs());
            int last = whole ? to : rows.firstAtOrAfter(first, to, range.endMs());
            int size = into.size();
            rows.append(first, last, into, budget);
            setStarts(span, pageStart + first, size, into);
            if (last < to) {
                return;
            }
            row = pageStart + to;
        }
    }

    /// Says since when the samples from `from` on count, of which the first is that of `row`.
    private void setStarts(SeriesSpan span, long row, int from, SampleColumns into)
            throws IOException {
        if (span.startChanges() < 0) {
            return;
        }
        for (int i = from; i < into.size(); i++) {
            if (!Staleness.isStale(into.values()[i])) {
                long startMs = span.hasStartColumn() ? startMs(row + i - from) : span.startMs();
                into.setStart(i, startMs);
            }
        }
    }

    private long startMs(long row) throws IOException {
        PageList list = table.layout().column(SamplesColumns.START_TIME);
        int page = list.pageOf(row);
        if (page != startsPage) {
            startsPage = -1;
            starts = SamplePages.starts(pages, list, page, START);
            startsPage = page;
        }
        return starts[(int) (row - list.firstRow(page))];
    }

    private RowPage page(int number) throws IOException {
        RowPage current = page;
        if (number != pageNumber || current == null) {
            pageNumber = -1;
            long offset = timePages.offset(number);
            current =
                    table.decoded()
                            .get(
                                    pages.key(offset),
                                    () ->
                                            RowPageBuilder.build(
                                                    SamplePages.times(
                                                            pages.page(
                                                                    offset,
                                                                    timePages.sizeBytes(number)),
                                                            timePages,
                                                            number),
                                                    SamplePages.values(
                                                            pages.page(
                                                                    valuePages.offset(number),
                                                                    valuePages.sizeBytes(number)),
                                                            valuePages,
                                                            number)));
            page = current;
            pageNumber = number;
        }
        return current;
    }
}
