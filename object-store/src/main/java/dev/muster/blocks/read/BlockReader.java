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
    private final SampleColumns spare = new SampleColumns(0);
    private @Nullable BlockRows rows;
    private @Nullable HistRows histRows;

    BlockReader(BlockPart part, SelectRequest request) {
        this.part = part;
        this.request = request;
    }

    /// Appends the samples of one series that lie in the range of the request.
    void read(SeriesSpan span, SampleColumns into) throws IOException {
        int start = into.size();
        BlockPart.Table samples = part.samples();
        HeldPages held = samples == null ? null : samples.held();
        if (samples != null && held != null && span.rowCount() > 0) {
            if (rows == null) {
                rows = new BlockRows(samples, held, request.budget());
            }
            rows.read(span, request.range(), request.looks(), into);
        }
        BlockPart.Table hist = part.hist();
        if (hist != null && span.histRowCount() > 0) {
            if (histRows == null) {
                histRows = new HistRows(hist, request.budget());
            }
            int middle = into.size();
            histRows.read(span, request.range(), into);
            MergedSamples.join(into, start, middle, true, spare);
        }
    }

    /// Memory of decoded pages.
    long sizeBytes() {
        return (rows == null ? 0 : rows.sizeBytes())
                + (histRows == null ? 0 : histRows.sizeBytes());
    }
}
