package dev.muster.blocks.read;

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
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a series file into an index. Confined to one thread, used once.
final class SeriesIndexBuilder {
    private static final long MICROS_PER_MS = 1_000;

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
            int first = 0;
            for (int i = 0; i < builder.groupEnds.length; i++) {
                builder.readGroup(builder.groups.get(i), first, builder.groupEnds[i]);
                first = builder.groupEnds[i];
            }
            return builder.index(tables);
        } catch (RuntimeException e) {
            throw new DamagedBlockException("series file: must be readable: found=" + e, e);
        }
    }

    private SeriesIndex index(SeriesTables tables) throws IOException {
        SeriesTables.Print print = print();
        return new SeriesIndex(
                metadata,
                print,
                tables.find(print, () -> table(tables)),
                new RowStarts(rowStarts, rowCounts),
                anyHist ? new RowStarts(histRowStarts, histRowCounts) : null,
                minMs,
                maxMs,
                anyStart ? startsMs : null,
                anyStart ? startChanges : null,
                metadata.id().isMerged() ? new SeriesIndex.Agents(agentHosts, agents) : null);
    }

    private SeriesTable table(SeriesTables tables) throws IOException {
        SeriesTableBuilder builder = new SeriesTableBuilder(rowStarts.length, tables);
        int first = 0;
        for (int i = 0; i < groupEnds.length; i++) {
            builder.read(groups.get(i), first, groupEnds[i]);
            first = groupEnds[i];
        }
        return builder.build();
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
        ColumnChunk start = group.column(SeriesColumns.ROW_START);
        ColumnChunk count = group.column(SeriesColumns.ROW_COUNT);
        ColumnChunk min = group.column(SeriesColumns.MIN_TIME);
        ColumnChunk max = group.column(SeriesColumns.MAX_TIME);
        for (int row = first; row < end; row++) {
            rowStarts[row] = int64(start);
            count.next();
            rowCounts[row] = count.int32();
            minMs[row] = inWindow(int64(min));
            maxMs[row] = inWindow(int64(max));
            checkRows(row, rowStarts[row], rowCounts[row], metadata.samples());
        }
        readLater(group, first, end);
        if (metadata.id().isMerged()) {
            readAgents(group.column(SeriesColumns.AGENT), first, end);
        }
    }

    private void readAgents(ColumnChunk column, int first, int end) throws IOException {
        for (int row = first; row < end; row++) {
            column.next();
            agents[row] =
                    column.number(host ->
                            agentNumbers.computeIfAbsent(
                                    host,
                                    one -> {
                                        agentHosts.add(one);
                                        return agentHosts.size() - 1;
                                    }));
        }
    }

    private int inWindow(long timeUs) {
        return Math.toIntExact(
                Math.floorDiv(timeUs, MICROS_PER_MS) - metadata.id().range().startMs());
    }

    /// Columns that blocks of before do not have.
    private void readLater(SeriesGroup group, int first, int end) throws IOException {
        ColumnChunk histStart = group.columnIfThere(SeriesColumns.HIST_ROW_START);
        ColumnChunk histCount = group.columnIfThere(SeriesColumns.HIST_ROW_COUNT);
        ColumnChunk start = group.columnIfThere(SeriesColumns.START_TIME);
        ColumnChunk changes = group.columnIfThere(SeriesColumns.START_CHANGES);
        for (int row = first; row < end; row++) {
            histRowStarts[row] =
                    histStart != null && present(histStart)
                            ? histStart.int64()
                            : row == 0 ? 0 : histRowStarts[row - 1] + histRowCounts[row - 1];
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
}
