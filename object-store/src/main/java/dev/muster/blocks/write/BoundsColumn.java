package dev.muster.blocks.write;

import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.PrimitiveType;

/// The custom bounds of histograms: a list for each row. Confined to the thread of its file.
final class BoundsColumn {
    private final ListLevels levels = new ListLevels();
    private final DoublePage bounds;

    BoundsColumn(PrimitiveType type, Zstd zstd) {
        bounds = new DoublePage(type, zstd, 64);
    }

    /// Adds the bounds of one row.
    void add(NativeHistogram histogram) throws IOException {
        levels.add(histogram.customBoundCount());
        for (int i = 0; i < histogram.customBoundCount(); i++) {
            bounds.add(histogram.customBound(i));
        }
    }

    void writePage(PageWriter writer, int rows) throws IOException {
        byte[] data = bounds.encoded();
        writer.writePageV2(
                rows,
                levels.emptyCount(),
                levels.count(),
                levels.repetitions(),
                levels.definitions(),
                bounds.encoding(),
                BytesInput.from(data),
                bounds.statistics(levels.emptyCount()));
        levels.clear();
        bounds.clear();
    }

    /// The next page begins a row group.
    void endRowGroup() {
        bounds.chooseAgain();
    }
}
