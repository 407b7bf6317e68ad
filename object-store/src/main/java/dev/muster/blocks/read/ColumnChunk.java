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
    private int pageLeft;
    private @Nullable ValuesReader values;
    private @Nullable RunLengthBitPackingHybridDecoder repetitions;
    private @Nullable RunLengthBitPackingHybridDecoder definitions;
    private int repetition;
    private boolean present;

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
        while (pageLeft == 0) {
            nextPage();
        }
        pageLeft--;
        valuesLeft--;
        repetition = repetitions == null ? 0 : repetitions.readInt();
        present = definitions == null || definitions.readInt() == 1;
        return true;
    }

    private void nextPage() throws IOException {
        Page page = Page.read(file, offset, codec, LARGEST_PAGE);
        offset = page.end();
        if (page.isDictionary()) {
            dictionary =
                    Encoding.PLAIN.initDictionary(
                            descriptor,
                            new DictionaryPage(
                                    BytesInput.from(page.values()),
                                    page.valueCount(),
                                    Encoding.PLAIN));
            return;
        }
        pageLeft = page.valueCount();
        repetitions = levels(descriptor.getMaxRepetitionLevel(), page.repetitionLevels());
        definitions = levels(descriptor.getMaxDefinitionLevel(), page.definitionLevels());
        Encoding encoding = Encoding.valueOf(page.encoding().name());
        Dictionary known = dictionary;
        if (!encoding.usesDictionary()) {
            values = encoding.getValuesReader(descriptor, ValuesType.VALUES);
        } else if (known != null) {
            values = encoding.getDictionaryBasedValuesReader(descriptor, ValuesType.VALUES, known);
        } else {
            throw new DamagedBlockException("page: dictionary must come first");
        }
        values.initFromPage(
                page.valueCount() - page.nullCount(),
                ByteBufferInputStream.wrap(ByteBuffer.wrap(page.values())));
    }

    private static @Nullable RunLengthBitPackingHybridDecoder levels(int most, byte[] bytes) {
        return most == 0
                ? null
                : new RunLengthBitPackingHybridDecoder(1, new ByteArrayInputStream(bytes));
    }

    /// Whether the value belongs to the row of the one before.
    boolean repeats() {
        return repetition == 1;
    }

    /// Whether there is a value; false for NULL, and for the one entry of an empty map.
    boolean present() {
        return present;
    }

    /// The value, once, if there is one.
    String text() {
        return values().readBytes().toStringUsingUTF8();
    }

    long int64() {
        return values().readLong();
    }

    int int32() {
        return values().readInteger();
    }

    private ValuesReader values() {
        ValuesReader current = values;
        if (current == null) {
            throw new IllegalStateException("next must come first");
        }
        return current;
    }
}
