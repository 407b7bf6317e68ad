package dev.muster.blocks.read;

import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;

/// One column of one row group of a file that lies in memory, value by value. Levels are at most 1.
/// Confined to one thread.
final class ColumnChunk {
    private static final long LARGEST_PAGE = 1L << 30;

    private final byte[] file;
    private final CompressionCodec codec;
    private final ColumnDescriptor descriptor;
    private @Nullable Dictionary dictionary;
    private long valuesLeft;
    private int offset;
    private @Nullable PageCursor page;

    ColumnChunk(byte[] file, ColumnMetaData metadata, ColumnDescriptor descriptor)
            throws DamagedBlockException {
        this.file = file;
        codec = DamagedBlockException.required(metadata.getCodec(), "codec");
        this.descriptor = descriptor;
        valuesLeft = metadata.getNum_values();
        long start =
                metadata.isSetDictionary_page_offset()
                        ? Math.min(
                                metadata.getDictionary_page_offset(),
                                metadata.getData_page_offset())
                        : metadata.getData_page_offset();
        offset = Math.toIntExact(start);
    }

    /// Moves to the next value; false at the end.
    boolean next() throws IOException {
        if (valuesLeft == 0) {
            return false;
        }
        while (page == null || !page.next()) {
            nextPage();
        }
        valuesLeft--;
        return true;
    }

    private void nextPage() throws IOException {
        Page next = Page.read(file, offset, codec, LARGEST_PAGE);
        offset = next.end();
        if (next.isDictionary()) {
            dictionary = PageCursor.dictionary(next, descriptor);
        } else {
            page = new PageCursor(next, descriptor, dictionary);
        }
    }

    /// Whether the value belongs to the row of the one before.
    boolean repeats() {
        return current().repeats();
    }

    /// Whether there is a value; false for NULL, and for the one entry of an empty map.
    boolean present() {
        return current().present();
    }

    /// The value, once, if there is one.
    String text() {
        return current().text();
    }

    long int64() {
        return current().int64();
    }

    int int32() {
        return current().int32();
    }

    private PageCursor current() {
        PageCursor current = page;
        if (current == null) {
            throw new IllegalStateException("next must come first");
        }
        return current;
    }
}
