package dev.muster.blocks.read;

import dev.muster.model.sample.Staleness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
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
    static long[] times(PageBytes bytes, PageList list, int number) throws IOException {
        int rows = list.rowCount(number);
        long[] times = new long[rows];
        try (PageScratch scratch = PageScratch.take()) {
            times(bytes, list, number, scratch, RowPart.all(rows), times);
        }
        return times;
    }

    /// The times of some rows of a page in milliseconds; of others anything.
    ///
    /// @param into has room for all rows
    static void times(
            PageBytes bytes,
            PageList list,
            int number,
            PageScratch scratch,
            RowPart part,
            long[] into)
            throws IOException {
        Page page = checked(bytes, list, number, scratch);
        if (page.nullCount() != 0 || page.definitionLevels().length != 0) {
            throw new DamagedBlockException("page: times must all be there");
        }
        DeltaLongs.decodeMillis(
                page.values(), page.valueBytes(), list.rowCount(number), into, part.end());
    }

    /// The values of a page that lies in a scratch, made when they are asked for: where only some
    /// times are wanted, the others are never made.
    static final class Values {
        private final Page page;
        private final int count;
        private final boolean made;
        private final double[] into;

        private Values(Page page, int count, boolean made, double[] into) {
            this.page = page;
            this.count = count;
            this.made = made;
            this.into = into;
        }

        /// Puts the values of the rows `from` to `to` (exclusive) in their places, staleness
        /// markers for NULL; in those of other rows anything.
        void make(int from, int to) {
            if (!made) {
                decode(page, into, count, from, to);
            }
        }
    }

    /// The values of a page.
    ///
    /// @param scratch not used for anything else while values are made
    /// @param into has room for all rows
    static Values values(
            PageBytes bytes, PageList list, int number, PageScratch scratch, double[] into)
            throws IOException {
        Page page = checked(bytes, list, number, scratch);
        int rows = list.rowCount(number);
        int count = rows - page.nullCount();
        if (count < 0 || page.valueBytes() != count * Double.BYTES) {
            throw new DamagedBlockException(
                    "page: values must fill it: expected=%d, sizeBytes=%d"
                            .formatted(count, page.valueBytes()));
        }
        if (count < rows) {
            decode(page, into, count, 0, count);
            spread(page, into, rows, count);
        }
        return new Values(page, count, count < rows, into);
    }

    private static void decode(Page page, double[] into, int count, int from, int to) {
        if (page.encoding() == Encoding.BYTE_STREAM_SPLIT) {
            Doubles.split(page.values(), into, count, from, to);
        } else {
            Doubles.plain(page.values(), into, from, to);
        }
    }

    /// The start times of a page in milliseconds, 0 where there is none.
    ///
    /// @param descriptor of the column
    static long[] starts(PageSource pages, PageList list, int number, ColumnDescriptor descriptor)
            throws IOException {
        Page page =
                whole(
                        read(
                                pages.page(list.offset(number), list.sizeBytes(number)),
                                list,
                                number,
                                mostBytes(list, number)),
                        list,
                        number);
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
            PageSource pages, PageList list, int number, ColumnDescriptor descriptor)
            throws IOException {
        if (!list.hasDictionary(number)) {
            return null;
        }
        PageBytes bytes =
                pages.page(list.dictionaryOffset(number), list.dictionarySizeBytes(number));
        Page page = Page.read(bytes.array(), bytes.start(), list.codec(), LARGEST_DICTIONARY);
        if (!page.isDictionary() || page.end() != bytes.end()) {
            throw new DamagedBlockException("page: must be a dictionary");
        }
        return PageCursor.dictionary(page, descriptor);
    }

    private static long mostBytes(PageList list, int number) {
        return 16L * list.rowCount(number) + SLACK_BYTES;
    }

    /// A page whose values lie in the scratch.
    private static Page checked(PageBytes bytes, PageList list, int number, PageScratch scratch)
            throws IOException {
        return whole(
                read(bytes, list, number, mostBytes(list, number), scratch, true), list, number);
    }

    private static Page whole(Page page, PageList list, int number) throws IOException {
        int rows = list.rowCount(number);
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
    static Page read(PageBytes bytes, PageList list, int number, long most) throws IOException {
        try (PageScratch scratch = PageScratch.take()) {
            return read(bytes, list, number, most, scratch, false);
        }
    }

    private static Page read(
            PageBytes bytes,
            PageList list,
            int number,
            long most,
            PageScratch scratch,
            boolean shared)
            throws IOException {
        boolean checked = list.check(number, bytes);
        Page page;
        try {
            page =
                    Page.read(
                            bytes.array(),
                            bytes.start(),
                            list.codec(),
                            most,
                            scratch,
                            shared,
                            checked);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: header must be readable: found=" + e, e);
        }
        if (page.isDictionary()
                || page.end() != bytes.end()
                || page.encoding() != list.encoding(number)) {
            throw new DamagedBlockException(
                    "page: header must agree with the page index: encoding=" + page.encoding());
        }
        return page;
    }

    /// Moves the first `count` values to the rows that have one.
    private static void spread(Page page, double[] values, int rows, int count) throws IOException {
        boolean[] present = new boolean[rows];
        int next = 0;
        ByteArrayInputStream in = new ByteArrayInputStream(page.definitionLevels());
        RunLengthBitPackingHybridDecoder levels = new RunLengthBitPackingHybridDecoder(1, in);
        try {
            for (int i = 0; i < rows; i++) {
                present[i] = levels.readInt() == 1;
                next += present[i] ? 1 : 0;
            }
        } catch (RuntimeException e) {
            throw new DamagedBlockException("page: levels must decode: found=" + e, e);
        }
        if (next != count || in.available() != 0) {
            throw new DamagedBlockException(
                    "page: levels must agree with the count of values: expected=%d, actual=%d"
                            .formatted(count, next));
        }
        for (int i = rows - 1; i >= 0; i--) {
            values[i] = present[i] ? values[--next] : Staleness.STALE;
        }
    }
}
