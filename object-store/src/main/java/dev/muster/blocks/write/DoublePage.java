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
     * Which it is differs from metric to metric, so some rows of a page are compressed both ways. The latter takes a half
     * to a third of the time to decompress, so it is taken if it is hardly larger, too.
     */
    private static final int SLICES = 4;
    private static final int SLICE_ROWS = 512;

    /// By which part of the other BYTE_STREAM_SPLIT may be larger.
    private static final int HARDLY = 16;

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

    /// The page as bytes; decides on the encoding if that is open.
    byte[] encoded() {
        if (encoding == Encoding.PLAIN) {
            return plain();
        }
        if (encoding == Encoding.BYTE_STREAM_SPLIT) {
            return split();
        }
        boolean isSplit = isBestSplit();
        encoding = isSplit ? Encoding.BYTE_STREAM_SPLIT : Encoding.PLAIN;
        return isSplit ? split() : plain();
    }

    private boolean isBestSplit() {
        double[] some = some();
        int plainBytes = zstd.compressedBytes(plain(some, some.length));
        return zstd.compressedBytes(split(some, some.length)) <= plainBytes + plainBytes / HARDLY;
    }

    /// Slices of the page, from its start to its end.
    private double[] some() {
        if (count <= SLICES * SLICE_ROWS) {
            return Arrays.copyOf(values, count);
        }
        double[] some = new double[SLICES * SLICE_ROWS];
        for (int i = 0; i < SLICES; i++) {
            int from = (int) ((long) i * (count - SLICE_ROWS) / (SLICES - 1));
            System.arraycopy(values, from, some, i * SLICE_ROWS, SLICE_ROWS);
        }
        return some;
    }

    Encoding encoding() {
        return encoding == null ? Encoding.PLAIN : encoding;
    }

    private byte[] plain() {
        return plain(values, count);
    }

    private byte[] split() {
        return split(values, count);
    }

    private static byte[] plain(double[] values, int count) {
        ByteBuffer out = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            out.putLong(Double.doubleToRawLongBits(values[i]));
        }
        return out.array();
    }

    private static byte[] split(double[] values, int count) {
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

    /// The next page may have another encoding.
    void chooseAgain() {
        encoding = null;
    }
}
