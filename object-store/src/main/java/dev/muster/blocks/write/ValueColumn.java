package dev.muster.blocks.write;

import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// The values of samples. Confined to the thread of its file.
final class ValueColumn {
    /*
     * Repeated values compress best side by side (PLAIN), noisy ones with equal bytes side by side (BYTE_STREAM_SPLIT).
     * Which it is differs from metric to metric, so the first page of each row group is compressed both ways, and the
     * row group takes the smaller.
     */
    private final PrimitiveType type;
    private final Zstd zstd;
    private final double[] values;
    private final Runs levels = new Runs();
    private int count;
    private int nulls;
    private @Nullable Encoding encoding;

    ValueColumn(PrimitiveType type, Zstd zstd, int pageRows) {
        this.type = type;
        this.zstd = zstd;
        values = new double[pageRows];
    }

    void add(double[] from, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double value = from[i];
            if (Staleness.isStale(value)) {
                levels.add(0, 1);
                nulls++;
            } else {
                levels.add(1, 1);
                values[count++] =
                        Double.isNaN(value)
                                ? Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS)
                                : value;
            }
        }
    }

    void writePage(PageWriter writer, int rows) throws IOException {
        byte[] data = encoded();
        writer.writePageV2(
                rows,
                nulls,
                rows,
                BytesInput.empty(),
                levels.levels(),
                encoding == null ? Encoding.PLAIN : encoding,
                BytesInput.from(data),
                statistics());
        levels.clear();
        count = 0;
        nulls = 0;
    }

    private byte[] encoded() {
        if (encoding == Encoding.PLAIN) {
            return plain();
        }
        if (encoding == Encoding.BYTE_STREAM_SPLIT) {
            return split();
        }
        byte[] plain = plain();
        byte[] split = split();
        if (zstd.compressedBytes(split) < zstd.compressedBytes(plain)) {
            encoding = Encoding.BYTE_STREAM_SPLIT;
            return split;
        }
        encoding = Encoding.PLAIN;
        return plain;
    }

    private byte[] plain() {
        ByteBuffer out = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            out.putLong(Double.doubleToRawLongBits(values[i]));
        }
        return out.array();
    }

    private byte[] split() {
        byte[] out = new byte[count * Double.BYTES];
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[i]);
            for (int b = 0; b < Double.BYTES; b++) {
                out[b * count + i] = (byte) (bits >>> (8 * b));
            }
        }
        return out;
    }

    private Statistics<?> statistics() {
        Statistics<?> statistics = Statistics.createStats(type);
        statistics.incrementNumNulls(nulls);
        for (int i = 0; i < count; i++) {
            statistics.updateStats(values[i]);
        }
        return statistics;
    }

    /// The next page begins a row group.
    void endRowGroup() {
        encoding = null;
    }
}
