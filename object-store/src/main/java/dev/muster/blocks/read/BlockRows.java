package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.Looks;
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
    private final HeldPages held;
    private final PageList timePages;
    private final PageFetch pages;
    private final ReadBudget budget;
    private int pageNumber = -1;
    private @Nullable RowPage page;
    private int startsPage = -1;
    private long[] starts = {};

    BlockRows(BlockPart.Table table, HeldPages held, ReadBudget budget) {
        this.table = table;
        this.held = held;
        pages = table.pages();
        timePages = held.times();
        this.budget = budget;
    }

    /// Memory of the decoded pages that are not held for the query.
    long sizeBytes() {
        RowPage current = page;
        return 8L * starts.length
                + (current == null || held.has(pageNumber) ? 0 : current.sizeBytes());
    }

    /// Appends the rows of one series whose times lie in the range.
    ///
    /// @param looks which of them suffice; null for all
    void read(SeriesSpan span, TimeRange range, @Nullable Looks looks, SampleColumns into)
            throws IOException {
        Looks some = span.startChanges() < 0 ? looks : null;
        long end = span.rowEnd();
        for (long row = span.rowStart(); row < end; ) {
            int number = timePages.pageOf(row);
            long pageStart = timePages.firstRow(number);
            int from = (int) (row - pageStart);
            int to = (int) (Math.min(end, pageStart + timePages.rowCount(number)) - pageStart);
            int size = into.size();
            int first = page(number, from, to).append(from, to, range, some, into, budget);
            setStarts(span, pageStart + first, size, into);
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
            PageFetch from = table.starts();
            starts = SamplePages.starts(from == null ? pages : from, list, page, START);
            startsPage = page;
        }
        return starts[(int) (row - list.firstRow(page))];
    }

    private RowPage page(int number, int from, int to) throws IOException {
        RowPage current = page;
        if (number != pageNumber || current == null || !current.part().has(from, to)) {
            pageNumber = -1;
            page = null;
            current = held.page(number, from, to, pages);
            page = current;
            pageNumber = number;
        }
        return current;
    }
}
