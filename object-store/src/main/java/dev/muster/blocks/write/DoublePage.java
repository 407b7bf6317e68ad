package dev.muster.blocks.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// The numbers of one page of a column of doubles. Confined to the thread of its file.
final class DoublePage {
    /*
     * Repeated values compress best side by side (PLAIN), noisy ones with equal bytes side by side (BYTE_STREAM_SPLIT).
     * Which it is differs from metric to metric, so the first page of each row group is compressed both ways, and the
     * row group takes the smaller.
     */
    private final PrimitiveType type;
    private final Zstd zstd;
    private double[] values;
    private int count;
    private @Nullable Encoding encoding;

    DoublePage(PrimitiveType type, Zstd zstd, int capacity) {
        this.type = type;
        this.zstd = zstd;
        values = new double[capacity];
    }

    void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.max(16, 2 * count));
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    /// The page as bytes; decides on the encoding of the row group if that is open.
    byte[] encoded() {
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

    Encoding encoding() {
        return encoding == null ? Encoding.PLAIN : encoding;
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

    Statistics<?> statistics(int nulls) {
        Statistics<?> statistics = Statistics.createStats(type);
        statistics.incrementNumNulls(nulls);
        for (int i = 0; i < count; i++) {
            statistics.updateStats(values[i]);
        }
        return statistics;
    }

    void clear() {
        count = 0;
    }

    /// The next page begins a row group.
    void endRowGroup() {
        encoding = null;
    }
}
