package dev.muster.blocks.read;

import java.io.IOException;
import java.util.function.ToIntFunction;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
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

    /// What [#number] said of the entries of the dictionary, plus 1.
    private int[] numbers = {};

    private long valuesLeft;
    private int offset;
    private @Nullable PageCursor page;

    ColumnChunk(byte[] file, Footer.Column column, ColumnDescriptor descriptor)
            throws DamagedBlockException {
        this.file = file;
        codec = DamagedBlockException.required(column.codec(), "codec");
        this.descriptor = descriptor;
        valuesLeft = column.values();
        offset = Math.toIntExact(column.start());
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
            numbers = new int[next.valueCount()];
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

    /// What `of` says of the text of the value, once, if there is one. It is asked once for an
    /// entry of a dictionary.
    int number(ToIntFunction<String> of) {
        PageCursor cursor = current();
        Dictionary entries = dictionary;
        if (!cursor.hasDictionary() || entries == null) {
            return of.applyAsInt(cursor.text());
        }
        int entry = cursor.dictionaryEntry();
        int known = numbers[entry];
        if (known == 0) {
            known = 1 + of.applyAsInt(entries.decodeToBinary(entry).toStringUsingUTF8());
            numbers[entry] = known;
        }
        return known - 1;
    }

    long int64() {
        return current().int64();
    }

    int int32() {
        return current().int32();
    }

    double float64() {
        return current().float64();
    }

    boolean flag() {
        return current().flag();
    }

    private PageCursor current() {
        PageCursor current = page;
        if (current == null) {
            throw new IllegalStateException("next must come first");
        }
        return current;
    }
}
