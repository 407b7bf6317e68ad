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

    /// The values of the next rows of a column that does not repeat.
    ///
    /// @param into from place `from` to `to` (exclusive)
    /// @param absent for NULL
    void int64s(long[] into, int from, int to, long absent) throws IOException {
        for (int at = from; at < to; ) {
            int count = more(to - at);
            current().int64s(count, into, at, absent);
            at += count;
        }
    }

    /// As [#int64s].
    void int32s(int[] into, int from, int to, int absent) throws IOException {
        for (int at = from; at < to; ) {
            int count = more(to - at);
            current().int32s(count, into, at, absent);
            at += count;
        }
    }

    /// What `of` says of the texts of the next rows, as [#int64s].
    void numbers(ToIntFunction<String> of, int[] into, int from, int to, int absent)
            throws IOException {
        for (int at = from; at < to; ) {
            int count = more(to - at);
            PageCursor cursor = current();
            if (cursor.hasDictionary()) {
                cursor.entries(count, into, at, -1);
                number(of, into, at, count, 1, absent);
            } else {
                for (int i = at; i < at + count; i++) {
                    cursor.next();
                    into[i] = cursor.present() ? of.applyAsInt(cursor.text()) : absent;
                }
            }
            at += count;
        }
    }

    /// Puts what `of` says in the place of numbers of entries.
    private void number(
            ToIntFunction<String> of, int[] into, int at, int count, int stride, int absent) {
        Dictionary entries = dictionary;
        if (entries == null) {
            throw new IllegalStateException("dictionary must be there");
        }
        int[] known = numbers;
        for (int i = 0, place = at; i < count; i++, place += stride) {
            int entry = into[place];
            if (entry < 0) {
                into[place] = absent;
                continue;
            }
            if (known[entry] == 0) {
                known[entry] = 1 + of.applyAsInt(entries.decodeToBinary(entry).toStringUsingUTF8());
            }
            into[place] = known[entry] - 1;
        }
    }

    /// Told of each value of a column that may repeat.
    @FunctionalInterface
    interface Levels {
        /// @param count how many values follow
        /// @param repeated 1 where one belongs to the row of the one before
        /// @param there 1 where there is a value; 0 for NULL, and for the one entry of an empty map
        void add(int count, int[] repeated, int[] there) throws IOException;
    }

    /// What `of` says of all texts of a column of which nothing was read yet, NULL left out.
    ///
    /// @param into from place `at` on, every `stride`-th
    /// @param levels null for nobody
    /// @return how many they are
    int allNumbers(
            ToIntFunction<String> of, int[] into, int at, int stride, @Nullable Levels levels)
            throws IOException {
        int done = 0;
        int[] repeated = {};
        int[] there = {};
        while (valuesLeft > 0) {
            nextPage();
            PageCursor cursor = page;
            if (cursor == null) {
                continue; // that was the dictionary
            }
            int count = cursor.left();
            int values = cursor.valueCount();
            int place = at + done * stride;
            valuesLeft -= count;
            if (cursor.hasDictionary()) {
                cursor.allEntries(into, place, stride);
                number(of, into, place, values, stride, -1);
            } else {
                for (int i = 0; i < values; i++, place += stride) {
                    into[place] = of.applyAsInt(cursor.text());
                }
            }
            if (levels != null) {
                if (repeated.length < count) {
                    repeated = new int[count];
                    there = new int[count];
                }
                cursor.levels(repeated, there);
                levels.add(count, repeated, there);
            }
            done += values;
        }
        return done;
    }

    /// Moves to where the next values are.
    ///
    /// @return how many of them may be read, at most `most`
    private int more(int most) throws IOException {
        while (page == null || page.left() == 0) {
            if (valuesLeft == 0) {
                throw new DamagedBlockException("column must have a value for each row");
            }
            nextPage();
        }
        int count = Math.min(most, current().left());
        valuesLeft -= count;
        return count;
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
