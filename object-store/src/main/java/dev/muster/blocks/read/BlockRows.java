package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads rows of one samples file; remembers the pages decoded last. Confined to one thread.
final class BlockRows {
    private static final int ROWS_PER_CHARGE = 4_096;

    private final SamplesLayout layout;
    private final PageFetch pages;
    private final ReadBudget budget;
    private int timesPage = -1;
    private long[] times = {};
    private int valuesPage = -1;
    private SamplePages.@Nullable Values values;

    BlockRows(SamplesLayout layout, PageFetch pages, ReadBudget budget) {
        this.layout = layout;
        this.pages = pages;
        this.budget = budget;
    }

    /// Memory of the decoded pages.
    long sizeBytes() {
        return 8L * times.length + (values == null ? 0 : values.sizeBytes());
    }

    void forget() {
        timesPage = -1;
        times = new long[0];
        valuesPage = -1;
        values = null;
    }

    /// Appends the rows of one series whose times lie in the range.
    void read(long rowStart, int rowCount, TimeRange range, SampleColumns into) throws IOException {
        long row = rowStart;
        long end = rowStart + rowCount;
        while (row < end) {
            int page = layout.times().pageOf(row);
            long pageStart = layout.times().firstRow(page);
            long pageEnd = Math.min(end, pageStart + layout.times().rowCount(page));
            long[] timesMs = times(page);
            int from = (int) (row - pageStart);
            int to = (int) (pageEnd - pageStart);
            int first = firstAtOrAfter(timesMs, from, to, range.startMs());
            int last = firstAtOrAfter(timesMs, first, to, range.endMs());
            append(timesMs, pageStart, first, last, into);
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
            int page = layout.values().pageOf(rowStart + done);
            int from = (int) (rowStart + done - layout.values().firstRow(page));
            int part = Math.min(length - done, layout.values().rowCount(page) - from);
            values(page).copy(from, part, Staleness.STALE, into, at + done);
            done += part;
        }
    }

    private long[] times(int page) throws IOException {
        if (page != timesPage) {
            timesPage = -1;
            times =
                    SamplePages.times(
                            pages.page(layout.times().offset(page)), layout.times(), page);
            timesPage = page;
        }
        return times;
    }

    private SamplePages.Values values(int page) throws IOException {
        SamplePages.Values current = values;
        if (page != valuesPage || current == null) {
            valuesPage = -1;
            current =
                    SamplePages.values(
                            pages.page(layout.values().offset(page)), layout.values(), page);
            values = current;
            valuesPage = page;
        }
        return current;
    }
}
