package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;

/// Reads a series file into an index. Confined to one thread, used once.
final class SeriesIndexBuilder {
    private static final long MICROS_PER_MS = 1_000;

    private final byte[] file;
    private final FileMetaData footer;
    private final BlockMetadata metadata;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> symbols = new ArrayList<>();
    private final int[] pairStarts;
    private int[] pairs = new int[256];
    private int pairCount;
    private final long[] ids;
    private final long[] rowStarts;
    private final int[] rowCounts;
    private final long[] minMs;
    private final long[] maxMs;
    private final byte[] types;
    private final int[] units;

    private SeriesIndexBuilder(byte[] file) throws IOException {
        this.file = file;
        footer = SeriesFile.footer(file);
        try {
            metadata = BlockMetadata.of(SeriesFile.pairs(footer));
        } catch (IllegalArgumentException e) {
            throw new DamagedBlockException(String.valueOf(e.getMessage()), e);
        }
        int rows = Math.toIntExact(footer.getNum_rows());
        if (rows != metadata.seriesCount()) {
            throw new DamagedBlockException(
                    "series file: must have its rows: expected=%d, actual=%d"
                            .formatted(metadata.seriesCount(), rows));
        }
        pairStarts = new int[rows + 1];
        ids = new long[rows];
        rowStarts = new long[rows];
        rowCounts = new int[rows];
        minMs = new long[rows];
        maxMs = new long[rows];
        types = new byte[rows];
        units = new int[rows];
    }

    /// @param file the whole file
    /// @throws IOException if it is damaged
    static SeriesIndex read(byte[] file) throws IOException {
        try {
            SeriesIndexBuilder builder = new SeriesIndexBuilder(file);
            int row = 0;
            for (RowGroup group : required(builder.footer.getRow_groups(), "row groups")) {
                row = builder.readGroup(group, row);
            }
            return new SeriesIndex(builder);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("series file: must be readable: found=" + e, e);
        }
    }

    private int readGroup(RowGroup group, int first) throws IOException {
        int end = Math.toIntExact(first + group.getNum_rows());
        ColumnChunk id = column(group, SeriesColumns.SERIES_ID);
        ColumnChunk start = column(group, SeriesColumns.ROW_START);
        ColumnChunk count = column(group, SeriesColumns.ROW_COUNT);
        ColumnChunk min = column(group, SeriesColumns.MIN_TIME);
        ColumnChunk max = column(group, SeriesColumns.MAX_TIME);
        ColumnChunk type = column(group, SeriesColumns.TYPE);
        ColumnChunk unit = column(group, SeriesColumns.UNIT);
        for (int row = first; row < end; row++) {
            ids[row] = int64(id);
            rowStarts[row] = int64(start);
            count.next();
            rowCounts[row] = count.int32();
            minMs[row] = Math.floorDiv(int64(min), MICROS_PER_MS);
            maxMs[row] = Math.floorDiv(int64(max), MICROS_PER_MS);
            type.next();
            types[row] = (byte) MetricType.of(type.text()).ordinal();
            unit.next();
            units[row] = unit.present() ? symbol(unit.text()) : -1;
            checkRows(row);
        }
        readLabels(group, first, end);
        return end;
    }

    private void checkRows(int row) throws DamagedBlockException {
        if (rowStarts[row] < 0
                || rowCounts[row] < 0
                || rowStarts[row] + rowCounts[row] > metadata.sampleCount()) {
            throw new DamagedBlockException(
                    "series file row=%d: samples must be there: start=%d, count=%d"
                            .formatted(row, rowStarts[row], rowCounts[row]));
        }
    }

    private static long int64(ColumnChunk column) throws IOException {
        column.next();
        return column.int64();
    }

    private void readLabels(RowGroup group, int first, int end) throws IOException {
        ColumnChunk name = column(group, SeriesColumns.LABEL_NAME);
        ColumnChunk value = column(group, SeriesColumns.LABEL_VALUE);
        int row = first - 1;
        while (name.next() & value.next()) {
            if (!name.repeats()) {
                row++;
                pairStarts[row] = pairCount;
            }
            if (name.present()) {
                addPair(symbol(name.text()), symbol(value.text()));
            }
        }
        if (row != end - 1) {
            throw new DamagedBlockException(
                    "series file: every row must have labels: expected=%d, actual=%d"
                            .formatted(end, row + 1));
        }
        pairStarts[end] = pairCount;
    }

    private void addPair(int name, int value) {
        if (pairCount + 2 > pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * pairs.length);
        }
        pairs[pairCount++] = name;
        pairs[pairCount++] = value;
    }

    private int symbol(String text) {
        Integer number = numbers.get(text);
        if (number == null) {
            number = symbols.size();
            numbers.put(text, number);
            symbols.add(text);
        }
        return number;
    }

    private ColumnChunk column(RowGroup group, String path) throws DamagedBlockException {
        List<String> wanted = List.of(path.split("\\.", -1));
        for (org.apache.parquet.format.ColumnChunk chunk :
                required(group.getColumns(), "columns")) {
            ColumnMetaData found = required(chunk.getMeta_data(), "column metadata");
            if (wanted.equals(found.getPath_in_schema())) {
                return new ColumnChunk(
                        file,
                        found,
                        SeriesColumns.SCHEMA.getColumnDescription(wanted.toArray(String[]::new)));
            }
        }
        throw new DamagedBlockException("series file: must have the column: name=" + path);
    }

    BlockMetadata metadata() {
        return metadata;
    }

    List<String> symbols() {
        return symbols;
    }

    int[] pairStarts() {
        return pairStarts;
    }

    int[] pairs() {
        return Arrays.copyOf(pairs, pairCount);
    }

    long[] ids() {
        return ids;
    }

    long[] rowStarts() {
        return rowStarts;
    }

    int[] rowCounts() {
        return rowCounts;
    }

    long[] minMs() {
        return minMs;
    }

    long[] maxMs() {
        return maxMs;
    }

    byte[] types() {
        return types;
    }

    int[] units() {
        return units;
    }
}
