package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.PageEncodings;
import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;

/// Where the pages of one column of a file are, in the order of their rows. Immutable; owns its
/// arrays.
final class PageList {
    private final long[] offsets;
    private final int[] sizes;

    /// First row of each page, then the number of rows of the file.
    private final long[] firstRows;

    private final Encoding[] encodings;
    private final CompressionCodec codec;

    /// The dictionary that a page needs; size 0 where it needs none.
    private final long[] dictionaryOffsets;

    private final int[] dictionarySizes;

    /// CRC-32C of the pages as they lie in the file; empty where that is not known.
    private final int[] checks;

    private PageList(Builder built) {
        int pages = built.locations.size();
        offsets = new long[pages];
        sizes = new int[pages];
        dictionaryOffsets = new long[pages];
        dictionarySizes = new int[pages];
        for (int i = 0; i < pages; i++) {
            PageLocation location = built.locations.get(i);
            offsets[i] = location.offset();
            sizes[i] = location.sizeBytes();
            dictionaryOffsets[i] = built.dictionaries.get(i).offset;
            dictionarySizes[i] = built.dictionaries.get(i).sizeBytes;
        }
        built.firstRows.add(built.rows);
        firstRows = built.firstRows.stream().mapToLong(Long::longValue).toArray();
        encodings = built.encodings.toArray(Encoding[]::new);
        codec = built.codec;
        checks = new int[] {};
    }

    private PageList(
            long[] offsets,
            int[] sizes,
            long[] firstRows,
            Encoding[] encodings,
            CompressionCodec codec,
            long[] dictionaryOffsets,
            int[] dictionarySizes,
            int[] checks) {
        this.offsets = offsets;
        this.sizes = sizes;
        this.firstRows = firstRows;
        this.encodings = encodings;
        this.codec = codec;
        this.dictionaryOffsets = dictionaryOffsets;
        this.dictionarySizes = dictionarySizes;
        this.checks = checks;
    }

    /// The same pages, with their checksums.
    ///
    /// @param checks CRC-32C of each page as it lies in the file
    PageList checkedBy(int[] checks) {
        return new PageList(
                offsets,
                sizes,
                firstRows,
                encodings,
                codec,
                dictionaryOffsets,
                dictionarySizes,
                checks);
    }

    /// The same pages, each with an encoding of its own.
    ///
    /// @param text see [PageEncodings]
    /// @throws IllegalArgumentException if it is not of these pages
    PageList encodedAs(String text) {
        return new PageList(
                offsets,
                sizes,
                firstRows,
                PageEncodings.names(text, size()).stream()
                        .map(Encoding::valueOf)
                        .toArray(Encoding[]::new),
                codec,
                dictionaryOffsets,
                dictionarySizes,
                checks);
    }

    /// Sees to the checksum of a page, if it is known.
    ///
    /// @return whether it was known
    /// @throws DamagedBlockException if it does not hold
    boolean check(int page, PageBytes content) throws DamagedBlockException {
        if (checks.length == 0) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(content.array(), content.start(), content.size());
        if ((int) crc.getValue() != checks[page]) {
            throw new DamagedBlockException(
                    "page: must be the one that the series file was made with: expected=%08x, actual=%08x"
                            .formatted(checks[page], (int) crc.getValue()));
        }
        return true;
    }

    /// Writes count and codec; then for each page the bytes between it and the one before, its
    /// size, rows and encoding, offset and size of its dictionary: all but sizes as runs; then how
    /// many checksums there are, and them.
    void write(ByteSink into) {
        int count = size();
        into.writeVarint(count);
        into.writeVarint(codec.getValue());
        NumberRuns.write(
                into, count, i -> i == 0 ? offsets[0] : offsets[i] - offsets[i - 1] - sizes[i - 1]);
        for (int size : sizes) {
            into.writeVarint(size);
        }
        NumberRuns.write(into, count, i -> firstRows[i + 1] - firstRows[i]);
        NumberRuns.write(into, count, i -> encodings[i].getValue());
        NumberRuns.write(into, count, i -> dictionaryOffsets[i]);
        NumberRuns.write(into, count, i -> dictionarySizes[i]);
        into.writeVarint(checks.length);
        for (int check : checks) {
            into.writeInt(check);
        }
    }

    /// What [#write] wrote.
    static PageList read(ByteSource from) throws IOException {
        int count = from.readCount("pages", from.left());
        CompressionCodec codec =
                required(CompressionCodec.findByValue((int) from.readVarint()), "codec");
        long[] offsets = NumberRuns.read(from, count);
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = from.readCount("size of a page", Integer.MAX_VALUE);
            offsets[i] += i == 0 ? 0 : offsets[i - 1] + sizes[i - 1];
        }
        long[] firstRows = new long[count + 1];
        int[] rows = NumberRuns.readInts(from, count);
        Encoding[] encodings = new Encoding[count];
        int[] numbers = NumberRuns.readInts(from, count);
        for (int i = 0; i < count; i++) {
            firstRows[i + 1] = firstRows[i] + rows[i];
            encodings[i] = required(Encoding.findByValue(numbers[i]), "encoding");
        }
        return new PageList(
                offsets,
                sizes,
                firstRows,
                encodings,
                codec,
                NumberRuns.read(from, count),
                NumberRuns.readInts(from, count),
                readChecks(from, count));
    }

    private static int[] readChecks(ByteSource from, int pages) throws IOException {
        int count = from.readCount("checksums", pages);
        if (count != 0 && count != pages) {
            throw new DamagedBlockException(
                    "places of pages: each must have a checksum, or none: pages=%d, checksums=%d"
                            .formatted(pages, count));
        }
        int[] checks = new int[count];
        for (int i = 0; i < count; i++) {
            checks[i] = from.readInt();
        }
        return checks;
    }

    private record Dictionary(long offset, int sizeBytes) {
        static final Dictionary NONE = new Dictionary(0, 0);
    }

    /// Collects the pages of one row group after another.
    static final class Builder {
        private final List<PageLocation> locations = new ArrayList<>();
        private final List<Long> firstRows = new ArrayList<>();
        private final List<Encoding> encodings = new ArrayList<>();
        private final List<Dictionary> dictionaries = new ArrayList<>();
        private CompressionCodec codec = CompressionCodec.ZSTD;
        private long rows;

        /// @param dictionaryOffset -1 where there is no dictionary
        void group(
                List<PageLocation> pages,
                long groupRows,
                Encoding encoding,
                CompressionCodec ofGroup,
                long dictionaryOffset) {
            codec = ofGroup;
            Dictionary dictionary =
                    encoding != Encoding.RLE_DICTIONARY || pages.isEmpty()
                            ? Dictionary.NONE
                            : new Dictionary(
                                    dictionaryOffset,
                                    Math.toIntExact(pages.getFirst().offset() - dictionaryOffset));
            for (PageLocation page : pages) {
                locations.add(page);
                firstRows.add(rows + page.firstRow());
                encodings.add(encoding);
                dictionaries.add(dictionary);
            }
            rows += groupRows;
        }

        PageList build() {
            return new PageList(this);
        }
    }

    /// Whether both columns cut their pages at the same rows.
    boolean sameRows(PageList other) {
        return Arrays.equals(firstRows, other.firstRows);
    }

    /// Whether the values of the page are numbers of entries of a dictionary.
    boolean hasDictionary(int page) {
        return dictionarySizes[page] != 0;
    }

    long dictionaryOffset(int page) {
        return dictionaryOffsets[page];
    }

    int dictionarySizeBytes(int page) {
        return dictionarySizes[page];
    }

    int size() {
        return offsets.length;
    }

    /// Rows of the file.
    long rows() {
        return firstRows[firstRows.length - 1];
    }

    /// The page that holds a row of the file.
    int pageOf(long row) {
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }

    long offset(int page) {
        return offsets[page];
    }

    int sizeBytes(int page) {
        return sizes[page];
    }

    long firstRow(int page) {
        return firstRows[page];
    }

    int rowCount(int page) {
        return Math.toIntExact(firstRows[page + 1] - firstRows[page]);
    }

    /// How values of the page must be encoded.
    Encoding encoding(int page) {
        return encodings[page];
    }

    CompressionCodec codec() {
        return codec;
    }
}
