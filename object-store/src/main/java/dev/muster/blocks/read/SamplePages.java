package dev.muster.blocks.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// Decodes pages of times and of values.
///
/// The header of a page has no checksum, so what it says is compared with the page index, which has
/// one.
final class SamplePages {
    private static final long MICROS_PER_MS = 1_000;
    private static final int SLACK_BYTES = 1 << 16;
    private static final long LARGEST_DICTIONARY = 64L << 20;

    private SamplePages() {}

    /// The times of a page in milliseconds.
    static long[] times(byte[] bytes, PageList list, int number) throws IOException {
        Page page = checked(bytes, list, number);
        int rows = list.rowCount(number);
        if (page.nullCount() != 0 || page.definitionLevels().length != 0) {
            throw new DamagedBlockException("page: times must all be there");
        }
        try {
            DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
            reader.initFromPage(rows, ByteBufferInputStream.wrap(ByteBuffer.wrap(page.values())));
            long[] timesMs = new long[rows];
            for (int i = 0; i < rows; i++) {
                timesMs[i] = Math.floorDiv(reader.readLong(), MICROS_PER_MS);
            }
            return timesMs;
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: times must decode: found=" + e, e);
        }
    }

    /// The values of a page, to be decoded one by one.
    static Values values(byte[] bytes, PageList list, int number) throws IOException {
        Page page = checked(bytes, list, number);
        int rows = list.rowCount(number);
        int count = rows - page.nullCount();
        if (count < 0 || page.values().length != count * Double.BYTES) {
            throw new DamagedBlockException(
                    "page: values must fill it: expected=%d, sizeBytes=%d"
                            .formatted(count, page.values().length));
        }
        int[] positions = positions(page, rows, count);
        return new Values(
                page.values(), page.encoding() == Encoding.BYTE_STREAM_SPLIT, count, positions);
    }

    /// The start times of a page in milliseconds, 0 where there is none.
    ///
    /// @param descriptor of the column
    static long[] starts(PageFetch pages, PageList list, int number, ColumnDescriptor descriptor)
            throws IOException {
        Page page = checked(pages.page(list.offset(number)), list, number);
        int rows = list.rowCount(number);
        long[] startsMs = new long[rows];
        try {
            PageCursor cursor =
                    new PageCursor(page, descriptor, dictionary(pages, list, number, descriptor));
            int nulls = 0;
            for (int i = 0; cursor.next(); i++) {
                if (cursor.present()) {
                    startsMs[i] = Math.floorDiv(cursor.int64(), MICROS_PER_MS);
                } else {
                    nulls++;
                }
            }
            checkNulls(page, nulls);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: start times must decode: found=" + e, e);
        }
        return startsMs;
    }

    /// What the header of a page says of NULLs must be what its levels say.
    static void checkNulls(Page page, int nulls) throws DamagedBlockException {
        if (nulls != page.nullCount()) {
            throw new DamagedBlockException(
                    "page: levels must agree with the count of values: expected=%d, actual=%d"
                            .formatted(page.nullCount(), nulls));
        }
    }

    /// The dictionary of a page; null where it needs none.
    static @Nullable Dictionary dictionary(
            PageFetch pages, PageList list, int number, ColumnDescriptor descriptor)
            throws IOException {
        if (!list.hasDictionary(number)) {
            return null;
        }
        byte[] bytes = pages.page(list.dictionaryOffset(number));
        Page page = Page.read(bytes, 0, list.codec(), LARGEST_DICTIONARY);
        if (!page.isDictionary() || page.end() != bytes.length) {
            throw new DamagedBlockException("page: must be a dictionary");
        }
        return PageCursor.dictionary(page, descriptor);
    }

    private static Page checked(byte[] bytes, PageList list, int number) throws IOException {
        int rows = list.rowCount(number);
        Page page = read(bytes, list, number, 16L * rows + SLACK_BYTES);
        if (page.valueCount() != rows || page.repetitionLevels().length != 0) {
            throw new DamagedBlockException(
                    "page: header must agree with the page index: rows=%d, values=%d"
                            .formatted(rows, page.valueCount()));
        }
        return page;
    }

    /// A page whose header agrees with the page index in everything but the number of its values.
    ///
    /// @param most bytes it may have decompressed
    static Page read(byte[] bytes, PageList list, int number, long most) throws IOException {
        Page page;
        try {
            page = Page.read(bytes, 0, list.codec(), most);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: header must be readable: found=" + e, e);
        }
        if (page.isDictionary()
                || page.end() != bytes.length
                || page.encoding() != list.encoding(number)) {
            throw new DamagedBlockException(
                    "page: header must agree with the page index: encoding=" + page.encoding());
        }
        return page;
    }

    /// For each row the position of its value, -1 for NULL; null where no row is NULL.
    private static int @Nullable [] positions(Page page, int rows, int count) throws IOException {
        if (count == rows) {
            return null;
        }
        int[] positions = new int[rows];
        int next = 0;
        ByteArrayInputStream in = new ByteArrayInputStream(page.definitionLevels());
        RunLengthBitPackingHybridDecoder levels = new RunLengthBitPackingHybridDecoder(1, in);
        try {
            for (int i = 0; i < rows; i++) {
                positions[i] = levels.readInt() == 1 ? next++ : -1;
            }
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: levels must decode: found=" + e, e);
        }
        if (next != count || in.available() != 0) {
            throw new DamagedBlockException(
                    "page: levels must agree with the count of values: expected=%d, actual=%d"
                            .formatted(count, next));
        }
        return positions;
    }

    /// Values of one page. Immutable; owns its arrays.
    static final class Values {
        private static final VarHandle DOUBLE =
                MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

        private final byte[] bytes;
        private final boolean split;
        private final int count;
        private final int @Nullable [] positions;

        private Values(byte[] bytes, boolean split, int count, int @Nullable [] positions) {
            this.bytes = bytes;
            this.split = split;
            this.count = count;
            this.positions = positions;
        }

        long sizeBytes() {
            return bytes.length + (positions == null ? 0 : 4L * positions.length);
        }

        /// Copies the values of `length` rows from `row` on; NULL becomes `absent`.
        void copy(int row, int length, double absent, double[] into, int at) {
            for (int i = 0; i < length; i++) {
                int position = positions == null ? row + i : positions[row + i];
                into[at + i] = position < 0 ? absent : value(position);
            }
        }

        private double value(int position) {
            if (!split) {
                return (double) DOUBLE.get(bytes, position * Double.BYTES);
            }
            long bits = 0;
            for (int b = 0; b < Double.BYTES; b++) {
                bits |= (bytes[b * count + position] & 0xffL) << (8 * b);
            }
            return Double.longBitsToDouble(bits);
        }
    }
}
