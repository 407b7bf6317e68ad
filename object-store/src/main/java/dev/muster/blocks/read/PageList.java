package dev.muster.blocks.read;

import java.util.Arrays;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;

/// Where the pages of one column of a samples file are, in the order of their rows. Immutable; owns
/// its arrays.
final class PageList {
    private final long[] offsets;
    private final int[] sizes;

    /// First row of each page, then the number of rows of the file.
    private final long[] firstRows;

    private final Encoding[] encodings;
    private final CompressionCodec codec;

    PageList(
            long[] offsets,
            int[] sizes,
            long[] firstRows,
            Encoding[] encodings,
            CompressionCodec codec) {
        this.offsets = offsets;
        this.sizes = sizes;
        this.firstRows = firstRows;
        this.encodings = encodings;
        this.codec = codec;
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
