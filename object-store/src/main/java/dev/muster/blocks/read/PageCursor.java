package dev.muster.blocks.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// One data page, value by value. Levels are at most 1. Confined to one thread.
final class PageCursor {
    /*
     * Values are numbers of entries of a dictionary, or differences, which are decoded here; the few columns that are
     * anything else are left to Parquet's readers.
     */
    private final @Nullable HybridRuns repetitions;
    private final @Nullable HybridRuns definitions;
    private final @Nullable Dictionary dictionary;
    private final @Nullable HybridRuns entries;
    private final long @Nullable [] numbers;
    private final @Nullable ValuesReader others;
    private final int valueCount;
    private int next;
    private int left;
    private int repetition;
    private boolean present;

    /// @param dictionary null where none came before the page
    PageCursor(Page page, ColumnDescriptor descriptor, @Nullable Dictionary dictionary)
            throws IOException {
        left = page.valueCount();
        this.dictionary = dictionary;
        repetitions = levels(descriptor.getMaxRepetitionLevel(), page.repetitionLevels());
        definitions = levels(descriptor.getMaxDefinitionLevel(), page.definitionLevels());
        Encoding encoding = Encoding.valueOf(page.encoding().name());
        int count = page.valueCount() - page.nullCount();
        valueCount = count;
        if (encoding.usesDictionary()) {
            if (dictionary == null) {
                throw new DamagedBlockException("page: dictionary must come first");
            }
            entries = count == 0 ? null : entries(page);
            numbers = null;
            others = null;
        } else if (encoding == Encoding.DELTA_BINARY_PACKED && isWhole(descriptor)) {
            entries = null;
            numbers = DeltaLongs.decode(page.values(), page.valueBytes(), count);
            others = null;
        } else {
            entries = null;
            numbers = null;
            others = encoding.getValuesReader(descriptor, ValuesType.VALUES);
            others.initFromPage(
                    count,
                    ByteBufferInputStream.wrap(
                            ByteBuffer.wrap(page.values(), 0, page.valueBytes())));
        }
    }

    private static boolean isWhole(ColumnDescriptor descriptor) {
        PrimitiveTypeName type = descriptor.getPrimitiveType().getPrimitiveTypeName();
        return type == PrimitiveTypeName.INT64 || type == PrimitiveTypeName.INT32;
    }

    /// The width of the numbers is the first byte.
    private static HybridRuns entries(Page page) {
        return new HybridRuns(page.values(), 1, page.valueBytes(), page.values()[0]);
    }

    /// The entries of a dictionary page.
    static Dictionary dictionary(Page page, ColumnDescriptor descriptor) throws IOException {
        return Encoding.PLAIN.initDictionary(
                descriptor,
                new DictionaryPage(
                        BytesInput.from(page.values(), 0, page.valueBytes()),
                        page.valueCount(),
                        Encoding.PLAIN));
    }

    private static @Nullable HybridRuns levels(int most, byte[] bytes) {
        return most == 0 ? null : new HybridRuns(bytes, 0, bytes.length, 1);
    }

    /// Moves to the next value; false at the end.
    boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        repetition = repetitions == null ? 0 : repetitions.next();
        present = definitions == null || definitions.next() == 1;
        return true;
    }

    /// Whether the value belongs to the row of the one before.
    boolean repeats() {
        return repetition == 1;
    }

    /// Whether there is a value; false for NULL, and for the one entry of an empty map or list.
    boolean present() {
        return present;
    }

    /// Are the values numbers of entries of a dictionary?
    boolean hasDictionary() {
        return entries != null;
    }

    /// The number of the entry that the value is, once, if there is one.
    int dictionaryEntry() {
        return there(entries).next();
    }

    /// The value, once, if there is one.
    String text() {
        return entries != null
                ? there(dictionary).decodeToBinary(entries.next()).toStringUsingUTF8()
                : there(others).readBytes().toStringUsingUTF8();
    }

    long int64() {
        if (numbers != null) {
            return numbers[next++];
        }
        return entries != null
                ? there(dictionary).decodeToLong(entries.next())
                : there(others).readLong();
    }

    int int32() {
        if (numbers != null) {
            return (int) numbers[next++];
        }
        return entries != null
                ? there(dictionary).decodeToInt(entries.next())
                : there(others).readInteger();
    }

    double float64() {
        return entries != null
                ? there(dictionary).decodeToDouble(entries.next())
                : there(others).readDouble();
    }

    boolean flag() {
        return there(others).readBoolean();
    }

    /// Values of the page that were not read yet.
    int left() {
        return left;
    }

    /// The next values of a column that does not repeat.
    ///
    /// @param absent for NULL
    void int64s(int count, long[] into, int at, long absent) {
        left -= count;
        for (int i = at; i < at + count; ) {
            int length = definitions == null ? count : definitions.run(at + count - i);
            if (definitions != null && definitions.value() == 0) {
                Arrays.fill(into, i, i + length, absent);
            } else if (numbers != null) {
                System.arraycopy(numbers, next, into, i, length);
                next += length;
            } else {
                for (int k = i; k < i + length; k++) {
                    into[k] = int64();
                }
            }
            i += length;
        }
    }

    /// As [#int64s].
    void int32s(int count, int[] into, int at, int absent) {
        left -= count;
        for (int i = at; i < at + count; ) {
            int length = definitions == null ? count : definitions.run(at + count - i);
            boolean none = definitions != null && definitions.value() == 0;
            for (int k = i; k < i + length; k++) {
                into[k] = none ? absent : int32();
            }
            i += length;
        }
    }

    /// The next values of a column that does not repeat: numbers of entries of the dictionary,
    /// which the page must have.
    ///
    /// @param absent for NULL
    void entries(int count, int[] into, int at, int absent) {
        left -= count;
        for (int i = at; i < at + count; ) {
            int length = definitions == null ? count : definitions.run(at + count - i);
            if (definitions != null && definitions.value() == 0) {
                Arrays.fill(into, i, i + length, absent);
            } else {
                there(entries).next(length, into, i, 1);
            }
            i += length;
        }
    }

    /// All values of a page of which nothing was read, without NULL: numbers of entries of the
    /// dictionary, which the page must have, to every `stride`-th place.
    void allEntries(int[] into, int at, int stride) {
        if (valueCount > 0) {
            there(entries).next(valueCount, into, at, stride);
        }
    }

    /// How many values the page has, without NULL.
    int valueCount() {
        return valueCount;
    }

    /// The levels of all values of a page of which nothing was read.
    ///
    /// @param repeated 1 where a value belongs to the row of the one before
    /// @param there 1 where there is a value
    void levels(int[] repeated, int[] there) {
        fill(repetitions, 0, repeated);
        fill(definitions, 1, there);
        left = 0;
    }

    private void fill(@Nullable HybridRuns levels, int otherwise, int[] into) {
        if (levels == null) {
            Arrays.fill(into, 0, left, otherwise);
        } else {
            levels.next(left, into, 0, 1);
        }
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("page: values must be of the type of their column");
        }
        return part;
    }
}
