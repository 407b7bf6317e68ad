package dev.muster.blocks.read;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The rows of a file of histograms, one page after another. Confined to one thread.
final class HistScan {
    private final TableLayout layout;
    private final PageList times;
    private final PageRuns pages;
    private int pageNumber = -1;
    private @Nullable HistPage page;

    HistScan(Fetcher fetcher, String key, TableLayout layout, int runBytes) throws IOException {
        this.layout = layout;
        times = layout.column(SamplesColumns.TIME);
        pages = new PageRuns(fetcher, key, layout.columns(), runBytes);
        for (PageList column : layout.columns()) {
            if (!column.sameRows(times)) {
                throw new DamagedBlockException(
                        "hist file: columns must cut pages at the same rows");
            }
        }
    }

    /// Appends the histograms of one series.
    void read(SeriesSpan span, SampleColumns into) throws IOException {
        long row = span.histRowStart();
        while (row < span.histRowEnd()) {
            int number = times.pageOf(row);
            HistPage current = page(number);
            long pageStart = times.firstRow(number);
            long end = Math.min(span.histRowEnd(), pageStart + times.rowCount(number));
            for (int at = (int) (row - pageStart); at < end - pageStart; at++) {
                into.append(current.timesMs()[at], current.histogram(at));
                into.setStart(into.size() - 1, current.startMs(at));
            }
            row = end;
        }
    }

    private HistPage page(int number) throws IOException {
        HistPage current = page;
        if (number != pageNumber || current == null) {
            page = null;
            current = HistPage.read(pages, layout, number);
            page = current;
            pageNumber = number;
        }
        return current;
    }
}
