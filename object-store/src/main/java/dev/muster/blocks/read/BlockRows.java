package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/// Reads rows of one samples file; remembers the pages decoded last. Confined to one thread.
final class BlockRows {
    private static final int ROWS_PER_CHARGE = 4_096;

    private static final ColumnDescriptor START =
            SamplesColumns.SCHEMA.getColumnDescription(new String[] {SamplesColumns.START_TIME});

    private final TableLayout layout;
    private final PageList timePages;
    private final PageList valuePages;
    private final PageFetch pages;
    private final ReadBudget budget;
    private int timesPage = -1;
    private long[] times = {};
    private int valuesPage = -1;
    private SamplePages.@Nullable Values values;
    private int startsPage = -1;
    private long[] starts = {};

    BlockRows(BlockPart.Table table, ReadBudget budget) throws DamagedBlockException {
        layout = table.layout();
        pages = table.pages();
        timePages = layout.column(SamplesColumns.TIME);
        valuePages = layout.column(SamplesColumns.VALUE);
        this.budget = budget;
    }

    /// Memory of the decoded pages.
    long sizeBytes() {
        return 8L * (times.length + starts.length) + (values == null ? 0 : values.sizeBytes());
    }

    void forget() {
        timesPage = -1;
        times = new long[0];
        valuesPage = -1;
        values = null;
        startsPage = -1;
        starts = new long[0];
    }

    /// Appends the rows of one series whose times lie in the range.
    void read(SeriesSpan span, TimeRange range, SampleColumns into) throws IOException {
        long row = span.rowStart();
        long end = span.rowEnd();
        while (row < end) {
            int page = timePages.pageOf(row);
            long pageStart = timePages.firstRow(page);
            long pageEnd = Math.min(end, pageStart + timePages.rowCount(page));
            long[] timesMs = times(page);
            int from = (int) (row - pageStart);
            int to = (int) (pageEnd - pageStart);
            int first = firstAtOrAfter(timesMs, from, to, range.startMs());
            int last = firstAtOrAfter(timesMs, first, to, range.endMs());
            int size = into.size();
            append(timesMs, pageStart, first, last, into);
            setStarts(span, pageStart + first, size, into);
            if (last < to) {
                return;
            }
            row = pageEnd;
        }
    }

    private static int firstAtOrAfter(long[] timesMs, int from, int to, long timeMs) {
        int found = Arrays.binarySearch(timesMs, from, to, timeMs);
        return found >= 0 ? found : -found - 1;
    }

    private void append(long[] timesMs, long pageStart, int first, int last, SampleColumns into)
            throws IOException {
        for (int at = first; at < last; ) {
            int length = Math.min(ROWS_PER_CHARGE, last - at);
            budget.chargeSamples(length);
            int size = into.size();
            into.reserve(length);
            System.arraycopy(timesMs, at, into.timestampsMs(), size, length);
            copyValues(pageStart + at, length, into.values(), size);
            into.resize(size + length);
            at += length;
        }
    }

    private void copyValues(long rowStart, int length, double[] into, int at) throws IOException {
        int done = 0;
        while (done < length) {
            int page = valuePages.pageOf(rowStart + done);
            int from = (int) (rowStart + done - valuePages.firstRow(page));
            int part = Math.min(length - done, valuePages.rowCount(page) - from);
            values(page).copy(from, part, Staleness.STALE, into, at + done);
            done += part;
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
        PageList list = layout.column(SamplesColumns.START_TIME);
        int page = list.pageOf(row);
        if (page != startsPage) {
            startsPage = -1;
            starts = SamplePages.starts(pages, list, page, START);
            startsPage = page;
        }
        return starts[(int) (row - list.firstRow(page))];
    }

    private long[] times(int page) throws IOException {
        if (page != timesPage) {
            timesPage = -1;
            times = SamplePages.times(pages.page(timePages.offset(page)), timePages, page);
            timesPage = page;
        }
        return times;
    }

    private SamplePages.Values values(int page) throws IOException {
        SamplePages.Values current = values;
        if (page != valuesPage || current == null) {
            valuesPage = -1;
            current = SamplePages.values(pages.page(valuePages.offset(page)), valuePages, page);
            values = current;
            valuesPage = page;
        }
        return current;
    }
}
