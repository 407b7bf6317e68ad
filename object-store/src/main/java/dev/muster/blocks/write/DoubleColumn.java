package dev.muster.blocks.write;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.PrimitiveType;

/// Doubles of which every row has one. Confined to the thread of its file.
final class DoubleColumn {
    private final DoublePage page;

    DoubleColumn(PrimitiveType type, Zstd zstd) {
        page = new DoublePage(type, zstd, 1_024);
    }

    void add(double value) {
        page.add(value);
    }

    void writePage(PageWriter writer) throws IOException {
        int rows = page.count();
        byte[] data = page.encoded();
        writer.writePageV2(
                rows,
                0,
                rows,
                BytesInput.empty(),
                BytesInput.empty(),
                page.encoding(),
                BytesInput.from(data),
                page.statistics(0));
        page.clear();
    }

    /// The next page begins a row group.
    void endRowGroup() {
        page.chooseAgain();
    }
}
