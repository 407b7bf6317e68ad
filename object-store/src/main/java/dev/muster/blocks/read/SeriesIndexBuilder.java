package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.labels.Xxh3;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a series file into an index. Used once; a large one by two or three threads.
final class SeriesIndexBuilder {
    private static final long MICROS_PER_MS = 1_000;

    /// From how many rows on labels and numbers are read beside each other.
    private static final int ROWS_WORTH_A_THREAD = 8_192;

    /// More than any file has: a label takes bits at least.
    private static final int MOST_LABELS_A_BYTE = 1 << 10;

    private final byte[] file;
    private final List<SeriesGroup> groups = new ArrayList<>();
    private final int[] groupEnds;
    private final BlockMetadata metadata;
    private final Map<String, String> pairs;
    private final long[] rowStarts;
    private final int[] rowCounts;
    private final int[] minMs;
    private final int[] maxMs;
    private final long[] histRowStarts;
    private final int[] histRowCounts;
    private boolean anyHist;
    private final long[] startsMs;
    private final int[] startChanges;
    private boolean anyStart;
    private final List<String> agentHosts = new ArrayList<>();
    private final Map<String, Integer> agentNumbers = new HashMap<>();
    private final int[] agents;

    private SeriesIndexBuilder(byte[] file) throws IOException {
        this.file = file;
        SeriesFile.check(file);
        Footer footer = Footer.of(file);
        pairs = footer.pairs();
        try {
            metadata = BlockMetadata.of(pairs);
        } catch (IllegalArgumentException e) {
            throw new DamagedBlockException(String.valueOf(e.getMessage()), e);
        }
        groupEnds = new int[footer.groups().size()];
        int rows = 0;
        for (Footer.Group group : footer.groups()) {
            rows = Math.toIntExact(rows + group.rows());
            groupEnds[groups.size()] = rows;
            groups.add(new SeriesGroup(file, group));
        }
        if (rows != metadata.seriesCount() || rows != footer.rows()) {
            throw new DamagedBlockException(
                    "series file: must have its rows: expected=%d, actual=%d"
                            .formatted(metadata.seriesCount(), rows));
        }
        rowStarts = new long[rows];
        rowCounts = new int[rows];
        minMs = new int[rows];
        maxMs = new int[rows];
        histRowStarts = new long[rows];
        histRowCounts = new int[rows];
        startsMs = new long[rows];
        startChanges = new int[rows];
        agents = new int[metadata.id().isMerged() ? rows : 0];
    }

    /// Told what a series file says of the files of samples.
    @FunctionalInterface
    interface Layouts {
        void add(BlockMetadata metadata, TableLayout.Kind kind, TableLayout layout)
                throws DamagedBlockException;
    }

    /// @param file the whole file
    /// @param tables where blocks that have the same series find each other
    /// @param layouts told where pages lie, if the file says so
    /// @throws IOException if it is damaged
    static SeriesIndex read(byte[] file, SeriesTables tables, Layouts layouts) throws IOException {
        try {
            SeriesIndexBuilder builder = new SeriesIndexBuilder(file);
            for (TableLayout.Kind kind : TableLayout.Kind.values()) {
                TableLayout layout = PagePlaces.find(kind, builder.pairs);
                if (layout != null) {
                    layouts.add(builder.metadata, kind, layout);
                }
            }
            return builder.index(tables);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("series file: must be readable: found=" + e, e);
        }
    }

    private SeriesIndex index(SeriesTables tables) throws IOException {
        SeriesTables.Print print = print();
        AtomicReference<SeriesTables.@Nullable Found> table = new AtomicReference<>();
        beside(this::readGroups, () -> table.set(tables.find(print, () -> table(tables))));
        return new SeriesIndex(
                metadata,
                print,
                required(table.get(), "labels"),
                new RowStarts(rowStarts, rowCounts),
                anyHist ? new RowStarts(histRowStarts, histRowCounts) : null,
                minMs,
                maxMs,
                anyStart ? startsMs : null,
                anyStart ? startChanges : null,
                metadata.id().isMerged() ? new SeriesIndex.Agents(agentHosts, agents) : null);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /// Takes both steps, beside each other if there is much to do.
    private void beside(Step one, Step other) throws IOException {
        if (rowStarts.length < ROWS_WORTH_A_THREAD) {
            one.run();
            other.run();
            return;
        }
        BlockTasks.run(2, 2, i -> (i == 0 ? one : other).run());
    }

    private void readGroups() throws IOException {
        int first = 0;
        for (int i = 0; i < groupEnds.length; i++) {
            readGroup(groups.get(i), first, groupEnds[i]);
            first = groupEnds[i];
        }
    }

    private SeriesTable table(SeriesTables tables) throws IOException {
        long labels = 0;
        for (SeriesGroup group : groups) {
            labels += required(group.metadata(SeriesColumns.LABEL_NAME), "labels").values();
        }
        SeriesTableBuilder builder =
                new SeriesTableBuilder(rowStarts.length, mostPairs(labels), tables);
        AtomicInteger values = new AtomicInteger();
        beside(
                () -> values.set(builder.readValues(groups)),
                () -> {
                    int first = 0;
                    for (int i = 0; i < groupEnds.length; i++) {
                        builder.read(groups.get(i), first, groupEnds[i]);
                        first = groupEnds[i];
                    }
                });
        return builder.build(values.get());
    }

    /// A damaged footer must not take all memory.
    private int mostPairs(long labels) throws DamagedBlockException {
        if (labels < 0 || labels > MOST_LABELS_A_BYTE * (long) file.length) {
            throw new DamagedBlockException(
                    "series file: must have a likely number of labels: found=" + labels);
        }
        return Math.toIntExact(labels);
    }

    /// Of the columns that make the table, as they lie in the file.
    private SeriesTables.Print print() throws IOException {
        long hash = rowStarts.length;
        CRC32C crc = new CRC32C();
        long sizeBytes = 0;
        for (SeriesGroup group : groups) {
            for (String column : SeriesTableBuilder.COLUMNS) {
                Footer.Column chunk = group.metadata(column);
                if (chunk != null) {
                    int from = Math.toIntExact(chunk.start());
                    int length = Math.toIntExact(chunk.sizeBytes());
                    byte[] bytes = Arrays.copyOfRange(file, from, from + length);
                    hash = 31 * hash + Xxh3.hash(bytes, length);
                    crc.update(bytes);
                    sizeBytes += length;
                }
            }
        }
        return new SeriesTables.Print(hash, (int) crc.getValue(), sizeBytes);
    }

    private void readGroup(SeriesGroup group, int first, int end) throws IOException {
        group.column(SeriesColumns.ROW_START).int64s(rowStarts, first, end, 0);
        group.column(SeriesColumns.ROW_COUNT).int32s(rowCounts, first, end, 0);
        readTimes(group.column(SeriesColumns.MIN_TIME), minMs, first, end);
        readTimes(group.column(SeriesColumns.MAX_TIME), maxMs, first, end);
        for (int row = first; row < end; row++) {
            checkRows(row, rowStarts[row], rowCounts[row], metadata.samples());
        }
        readHist(group, first, end);
        readStarts(group, first, end);
        if (metadata.id().isMerged()) {
            group.column(SeriesColumns.AGENT).numbers(this::agent, agents, first, end, 0);
        }
    }

    private void readTimes(ColumnChunk column, int[] into, int first, int end) throws IOException {
        long[] timesUs = new long[end - first];
        column.int64s(timesUs, 0, end - first, 0);
        for (int i = 0; i < timesUs.length; i++) {
            into[first + i] = inWindow(timesUs[i]);
        }
    }

    private int agent(String host) {
        return agentNumbers.computeIfAbsent(
                host,
                one -> {
                    agentHosts.add(one);
                    return agentHosts.size() - 1;
                });
    }

    private int inWindow(long timeUs) {
        return Math.toIntExact(
                Math.floorDiv(timeUs, MICROS_PER_MS) - metadata.id().range().startMs());
    }

    /// Columns that blocks of before do not have.
    private void readHist(SeriesGroup group, int first, int end) throws IOException {
        ColumnChunk start = group.columnIfThere(SeriesColumns.HIST_ROW_START);
        ColumnChunk count = group.columnIfThere(SeriesColumns.HIST_ROW_COUNT);
        if (start != null) {
            start.int64s(histRowStarts, first, end, -1);
        } else {
            Arrays.fill(histRowStarts, first, end, -1);
        }
        if (count != null) {
            count.int32s(histRowCounts, first, end, 0);
        }
        for (int row = first; row < end; row++) {
            if (histRowStarts[row] == -1) {
                histRowStarts[row] = row == 0 ? 0 : histRowStarts[row - 1] + histRowCounts[row - 1];
            }
            if (histRowCounts[row] != 0) {
                anyHist = true;
                checkRows(row, histRowStarts[row], histRowCounts[row], metadata.hist());
            }
        }
    }

    /// Columns that blocks of before do not have.
    private void readStarts(SeriesGroup group, int first, int end) throws IOException {
        ColumnChunk start = group.columnIfThere(SeriesColumns.START_TIME);
        ColumnChunk changes = group.columnIfThere(SeriesColumns.START_CHANGES);
        if (start != null) {
            start.int64s(startsMs, first, end, 0);
        }
        if (changes != null) {
            changes.int32s(startChanges, first, end, -1);
        } else {
            Arrays.fill(startChanges, first, end, -1);
        }
        for (int row = first; row < end; row++) {
            startsMs[row] = Math.floorDiv(startsMs[row], MICROS_PER_MS);
            anyStart |= startChanges[row] >= 0;
        }
    }

    private static void checkRows(int row, long start, int count, @Nullable TableFile file)
            throws DamagedBlockException {
        if (start < 0 || count < 0 || start + count > (file == null ? 0 : file.rows())) {
            throw new DamagedBlockException(
                    "series file row=%d: samples must be there: start=%d, count=%d"
                            .formatted(row, start, count));
        }
    }
}
