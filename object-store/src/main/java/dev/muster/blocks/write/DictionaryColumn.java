package dev.muster.blocks.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// A column of samples that changes only from series to series, or not much more often: a
/// dictionary for each row group, and runs. Confined to the thread of its file.
///
/// @param <T> [String], [Long], [Integer] or [Double]
final class DictionaryColumn<T> {
    private final PrimitiveType type;
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> entries = new ArrayList<>();
    private final Runs values = new Runs();
    private final Runs levels = new Runs();
    private int nulls;

    DictionaryColumn(PrimitiveType type) {
        this.type = type;
    }

    /// Adds `length` rows of the same value; null only where the column is optional.
    void add(@Nullable T value, int length) {
        if (value == null) {
            levels.add(0, length);
            nulls += length;
            return;
        }
        Integer number = numbers.get(value);
        if (number == null) {
            number = entries.size();
            numbers.put(value, number);
            entries.add(value);
        }
        levels.add(1, length);
        values.add(number, length);
    }

    /// Different values in the row group so far.
    int entryCount() {
        return entries.size();
    }

    void writePage(PageWriter writer, int rows) throws IOException {
        int bitWidth = 32 - Integer.numberOfLeadingZeros(Math.max(0, entries.size() - 1));
        boolean optional = !type.isRepetition(Type.Repetition.REQUIRED);
        writer.writePageV2(
                rows,
                nulls,
                rows,
                BytesInput.empty(),
                optional ? levels.levels() : BytesInput.empty(),
                Encoding.RLE_DICTIONARY,
                values.dictionaryIndexes(bitWidth),
                statistics());
        values.clear();
        levels.clear();
        nulls = 0;
    }

    private Statistics<?> statistics() {
        Statistics<?> statistics = Statistics.createStats(type);
        statistics.incrementNumNulls(nulls);
        for (int run = 0; run < values.count(); run++) {
            switch (entries.get(values.number(run))) {
                case Long number -> statistics.updateStats(number);
                case Integer number -> statistics.updateStats(number);
                case Double number -> statistics.updateStats(number);
                case String text -> statistics.updateStats(Binary.fromString(text));
                default -> throw new IllegalStateException("column must be text or numbers");
            }
        }
        return statistics;
    }

    /// Ends the row group.
    void writeDictionary(PageWriter writer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (T entry : entries) {
            number.clear();
            switch (entry) {
                case Long value -> out.write(number.putLong(value).array(), 0, Long.BYTES);
                case Double value -> out.write(number.putDouble(value).array(), 0, Double.BYTES);
                case Integer value -> out.write(number.putInt(value).array(), 0, Integer.BYTES);
                default -> {
                    byte[] text = entry.toString().getBytes(StandardCharsets.UTF_8);
                    out.write(number.putInt(text.length).array(), 0, Integer.BYTES);
                    out.writeBytes(text);
                }
            }
        }
        writer.writeDictionaryPage(
                new DictionaryPage(
                        BytesInput.from(out.toByteArray()), entries.size(), Encoding.PLAIN));
        entries.clear();
        numbers.clear();
    }
}
