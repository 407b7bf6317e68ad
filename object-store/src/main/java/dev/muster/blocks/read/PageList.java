package dev.muster.blocks.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageLocation;

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

    private PageList(Builder built) {
        int pages = built.locations.size();
        offsets = new long[pages];
        sizes = new int[pages];
        dictionaryOffsets = new long[pages];
        dictionarySizes = new int[pages];
        for (int i = 0; i < pages; i++) {
            PageLocation location = built.locations.get(i);
            offsets[i] = location.getOffset();
            sizes[i] = location.getCompressed_page_size();
            dictionaryOffsets[i] = built.dictionaries.get(i).offset;
            dictionarySizes[i] = built.dictionaries.get(i).sizeBytes;
        }
        built.firstRows.add(built.rows);
        firstRows = built.firstRows.stream().mapToLong(Long::longValue).toArray();
        encodings = built.encodings.toArray(Encoding[]::new);
        codec = built.codec;
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
                                    Math.toIntExact(
                                            pages.getFirst().getOffset() - dictionaryOffset));
            for (PageLocation page : pages) {
                locations.add(page);
                firstRows.add(rows + page.getFirst_row_index());
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
