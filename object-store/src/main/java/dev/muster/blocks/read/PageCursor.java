package dev.muster.blocks.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.jspecify.annotations.Nullable;

/// One data page, value by value. Levels are at most 1. Confined to one thread.
final class PageCursor {
    private final @Nullable RunLengthBitPackingHybridDecoder repetitions;
    private final @Nullable RunLengthBitPackingHybridDecoder definitions;
    private final ValuesReader values;
    private final boolean hasDictionary;
    private int left;
    private int repetition;
    private boolean present;

    /// @param dictionary null where none came before the page
    PageCursor(Page page, ColumnDescriptor descriptor, @Nullable Dictionary dictionary)
            throws IOException {
        left = page.valueCount();
        repetitions = levels(descriptor.getMaxRepetitionLevel(), page.repetitionLevels());
        definitions = levels(descriptor.getMaxDefinitionLevel(), page.definitionLevels());
        Encoding encoding = Encoding.valueOf(page.encoding().name());
        hasDictionary = encoding.usesDictionary();
        if (!hasDictionary) {
            values = encoding.getValuesReader(descriptor, ValuesType.VALUES);
        } else if (dictionary != null) {
            values =
                    encoding.getDictionaryBasedValuesReader(
                            descriptor, ValuesType.VALUES, dictionary);
        } else {
            throw new DamagedBlockException("page: dictionary must come first");
        }
        values.initFromPage(
                page.valueCount() - page.nullCount(),
                ByteBufferInputStream.wrap(ByteBuffer.wrap(page.values())));
    }

    /// The entries of a dictionary page.
    static Dictionary dictionary(Page page, ColumnDescriptor descriptor) throws IOException {
        return Encoding.PLAIN.initDictionary(
                descriptor,
                new DictionaryPage(
                        BytesInput.from(page.values()), page.valueCount(), Encoding.PLAIN));
    }

    private static @Nullable RunLengthBitPackingHybridDecoder levels(int most, byte[] bytes) {
        return most == 0
                ? null
                : new RunLengthBitPackingHybridDecoder(1, new ByteArrayInputStream(bytes));
    }

    /// Moves to the next value; false at the end.
    boolean next() throws IOException {
        if (left == 0) {
            return false;
        }
        left--;
        repetition = repetitions == null ? 0 : repetitions.readInt();
        present = definitions == null || definitions.readInt() == 1;
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
        return hasDictionary;
    }

    /// The number of the entry that the value is, once, if there is one.
    int dictionaryEntry() {
        return values.readValueDictionaryId();
    }

    /// The value, once, if there is one.
    String text() {
        return values.readBytes().toStringUsingUTF8();
    }

    long int64() {
        return values.readLong();
    }

    int int32() {
        return values.readInteger();
    }

    double float64() {
        return values.readDouble();
    }
}
