package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.TableFile;
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
import org.jspecify.annotations.Nullable;

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
    private final List<String> helps = new ArrayList<>();
    private final Map<String, Integer> helpNumbers = new HashMap<>();
    private final int[] help;
    private final long[] histRowStarts;
    private final int[] histRowCounts;
    private boolean anyHist;
    private final long[] startsMs;
    private final int[] startChanges;
    private boolean anyStart;

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
        help = new int[rows];
        histRowStarts = new long[rows];
        histRowCounts = new int[rows];
        startsMs = new long[rows];
        startChanges = new int[rows];
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
            checkRows(row, rowStarts[row], rowCounts[row], metadata.samples());
        }
        readLater(group, first, end);
        readLabels(group, first, end);
        return end;
    }

    /// Columns that blocks of before do not have.
    private void readLater(RowGroup group, int first, int end) throws IOException {
        ColumnChunk text = columnIfThere(group, SeriesColumns.HELP);
        ColumnChunk histStart = columnIfThere(group, SeriesColumns.HIST_ROW_START);
        ColumnChunk histCount = columnIfThere(group, SeriesColumns.HIST_ROW_COUNT);
        ColumnChunk start = columnIfThere(group, SeriesColumns.START_TIME);
        ColumnChunk changes = columnIfThere(group, SeriesColumns.START_CHANGES);
        for (int row = first; row < end; row++) {
            help[row] = text != null && present(text) ? help(text.text()) : -1;
            histRowStarts[row] = histStart != null && present(histStart) ? histStart.int64() : 0;
            histRowCounts[row] = histCount != null && present(histCount) ? histCount.int32() : 0;
            startsMs[row] =
                    start != null && present(start)
                            ? Math.floorDiv(start.int64(), MICROS_PER_MS)
                            : 0;
            startChanges[row] = changes != null && present(changes) ? changes.int32() : -1;
            TableFile hist = metadata.hist();
            if (histRowCounts[row] != 0) {
                anyHist = true;
                checkRows(row, histRowStarts[row], histRowCounts[row], hist);
            }
            anyStart |= startChanges[row] >= 0;
        }
    }

    private static boolean present(ColumnChunk column) throws IOException {
        return column.next() && column.present();
    }

    private int help(String text) {
        return helpNumbers.computeIfAbsent(
                text,
                key -> {
                    helps.add(key);
                    return helps.size() - 1;
                });
    }

    private static void checkRows(int row, long start, int count, @Nullable TableFile file)
            throws DamagedBlockException {
        if (start < 0 || count < 0 || start + count > (file == null ? 0 : file.rows())) {
            throw new DamagedBlockException(
                    "series file row=%d: samples must be there: start=%d, count=%d"
                            .formatted(row, start, count));
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
        ColumnChunk column = columnIfThere(group, path);
        if (column == null) {
            throw new DamagedBlockException("series file: must have the column: name=" + path);
        }
        return column;
    }

    private @Nullable ColumnChunk columnIfThere(RowGroup group, String path)
            throws DamagedBlockException {
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
        return null;
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

    List<String> helps() {
        return helps;
    }

    int[] help() {
        return help;
    }

    long @Nullable [] histRowStarts() {
        return anyHist ? histRowStarts : null;
    }

    int @Nullable [] histRowCounts() {
        return anyHist ? histRowCounts : null;
    }

    long @Nullable [] startsMs() {
        return anyStart ? startsMs : null;
    }

    int @Nullable [] startChanges() {
        return anyStart ? startChanges : null;
    }
}
