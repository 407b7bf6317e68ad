package dev.muster.blocks.write;

import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.PrimitiveType;

/// The values of samples; NULL for a staleness marker. Confined to the thread of its file.
final class ValueColumn {
    private final DoublePage page;
    private final Runs levels = new Runs();
    private final List<String> encodings = new ArrayList<>();
    private int nulls;

    ValueColumn(PrimitiveType type, Zstd zstd, int pageRows) {
        page = new DoublePage(type, zstd, pageRows);
    }

    void add(double[] from, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double value = from[i];
            if (Staleness.isStale(value)) {
                levels.add(0, 1);
                nulls++;
            } else {
                levels.add(1, 1);
                page.add(
                        Double.isNaN(value)
                                ? Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS)
                                : value);
            }
        }
    }

    void writePage(PageWriter writer, int rows) throws IOException {
        byte[] data = page.encoded();
        writer.writePageV2(
                rows,
                nulls,
                rows,
                BytesInput.empty(),
                levels.levels(),
                page.encoding(),
                BytesInput.from(data),
                page.statistics(nulls));
        encodings.add(page.encoding().name());
        levels.clear();
        page.clear();
        page.chooseAgain();
        nulls = 0;
    }

    /// How the pages written so far are encoded, see [PageEncodings].
    List<String> encodings() {
        return encodings;
    }
}
