package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SelectRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the samples of one block, numbers and histograms. Confined to one thread.
final class BlockReader {
    private final BlockPart part;
    private final SelectRequest request;
    private final SampleColumns histograms = new SampleColumns(0);
    private @Nullable BlockRows rows;
    private @Nullable HistRows histRows;

    BlockReader(BlockPart part, SelectRequest request) {
        this.part = part;
        this.request = request;
    }

    /// Appends the samples of one series that lie in the range of the request.
    ///
    /// @param into empty
    void read(SeriesSpan span, SampleColumns into) throws IOException {
        BlockPart.Table samples = part.samples();
        if (samples != null && span.rowCount() > 0) {
            if (rows == null) {
                rows = new BlockRows(samples, request.budget());
            }
            rows.read(span, request.range(), into);
        }
        BlockPart.Table hist = part.hist();
        if (hist != null && span.histRowCount() > 0) {
            if (histRows == null) {
                histRows = new HistRows(hist, request.budget());
            }
            histograms.clear();
            histRows.read(span, request.range(), histograms);
            MergedSamples.append(histograms, into, 0, true);
        }
    }

    /// Memory of decoded pages.
    long sizeBytes() {
        return (rows == null ? 0 : rows.sizeBytes())
                + (histRows == null ? 0 : histRows.sizeBytes());
    }

    void forget() {
        if (rows != null) {
            rows.forget();
        }
        if (histRows != null) {
            histRows.forget();
        }
    }
}
