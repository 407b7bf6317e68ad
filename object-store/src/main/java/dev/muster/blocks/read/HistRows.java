package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads rows of one file of histograms; remembers the page decoded last. Confined to one thread.
final class HistRows {
    private final TableLayout layout;
    private final PageFetch pages;
    private final PageList times;
    private final ReadBudget budget;
    private int pageNumber = -1;
    private @Nullable HistPage page;

    HistRows(BlockPart.Table table, ReadBudget budget) throws IOException {
        layout = table.layout();
        pages = table.pages();
        this.budget = budget;
        times = layout.column(SamplesColumns.TIME);
        for (PageList column : layout.columns()) {
            if (!column.sameRows(times)) {
                throw new DamagedBlockException(
                        "hist file: columns must cut pages at the same rows");
            }
        }
    }

    /// Memory of the decoded page.
    long sizeBytes() {
        return page == null ? 0 : page.sizeBytes();
    }

    void forget() {
        pageNumber = -1;
        page = null;
    }

    /// Appends the histograms of one series whose times lie in the range.
    void read(SeriesSpan span, TimeRange range, SampleColumns into) throws IOException {
        long row = span.histRowStart();
        while (row < span.histRowEnd()) {
            int number = times.pageOf(row);
            long pageStart = times.firstRow(number);
            long pageEnd = Math.min(span.histRowEnd(), pageStart + times.rowCount(number));
            HistPage current = page(number);
            int to = (int) (pageEnd - pageStart);
            for (int at = (int) (row - pageStart); at < to; at++) {
                long timeMs = current.timesMs()[at];
                if (timeMs >= range.endMs()) {
                    return;
                }
                if (timeMs >= range.startMs()) {
                    append(current, at, into);
                }
            }
            row = pageEnd;
        }
    }

    private void append(HistPage current, int at, SampleColumns into) throws IOException {
        NativeHistogram histogram = current.histogram(at);
        budget.chargeSamples(1 + histogram.weightInSamples());
        into.append(current.timesMs()[at], histogram);
        into.setStart(into.size() - 1, current.startMs(at));
    }

    private HistPage page(int number) throws IOException {
        HistPage current = page;
        if (number != pageNumber || current == null) {
            forget();
            current = HistPage.read(pages, layout, number);
            page = current;
            pageNumber = number;
        }
        return current;
    }
}
