package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The index of a block as it is kept on a local disk: quick to read, without the table of its
/// series, which many blocks share. The disk cache has its checksum.
final class StoredIndex {
    /*
     * count, then key and value of what the footer says of the block; print of the table: hash and CRC-32C, 8 and 4
     * bytes, and its size; count of series; runs: rows, rows left out before them, first and last time;
     * 1 and two runs of histograms' rows, or 0; 1 and runs of start times and of their changes, or 0;
     * how many agents, their hosts, and runs of their numbers.
     */
    private static final int MOST = 1 << 28;

    private StoredIndex() {}

    static byte[] encode(SeriesIndex index) {
        ByteSink into = new ByteSink();
        Map<String, String> pairs = index.metadata().pairs();
        into.writeVarint(pairs.size());
        pairs.forEach((key, value) -> {
            into.writeString(key);
            into.writeString(value);
        });
        into.writeLong(index.print().hash());
        into.writeInt(index.print().crc());
        into.writeVarint(index.print().sizeBytes());
        int count = index.table().size();
        into.writeVarint(count);
        write(into, count, index.rows());
        NumberRuns.write(into, count, index::minInWindowMs);
        NumberRuns.write(into, count, index::maxInWindowMs);
        RowStarts hist = index.histRows();
        into.writeByte(hist == null ? 0 : 1);
        if (hist != null) {
            write(into, count, hist);
        }
        into.writeByte(index.hasStarts() ? 1 : 0);
        if (index.hasStarts()) {
            NumberRuns.write(into, count, index::startOf);
            NumberRuns.write(into, count, index::startChangesOf);
        }
        write(into, count, index.agents());
        return into.toByteArray();
    }

    private static void write(ByteSink into, int count, SeriesIndex.@Nullable Agents agents) {
        into.writeVarint(agents == null ? 0 : agents.hosts().size());
        if (agents != null) {
            agents.hosts().forEach(into::writeString);
            NumberRuns.write(into, count, agents::number);
        }
    }

    private static SeriesIndex.@Nullable Agents agents(ByteSource from, int count)
            throws IOException {
        int size = from.readCount("agents", MOST);
        if (size == 0) {
            return null;
        }
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            hosts.add(from.readString());
        }
        return new SeriesIndex.Agents(hosts, NumberRuns.readInts(from, count));
    }

    private static void write(ByteSink into, int count, RowStarts rows) {
        NumberRuns.write(into, count, rows::count);
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            starts[i] = rows.start(i);
        }
        NumberRuns.write(
                into,
                count,
                i -> i == 0 ? starts[0] : starts[i] - starts[i - 1] - rows.count(i - 1));
    }

    private static RowStarts rows(ByteSource from, int count) throws IOException {
        int[] counts = NumberRuns.readInts(from, count);
        long[] starts = NumberRuns.read(from, count);
        for (int i = 1; i < count; i++) {
            starts[i] += starts[i - 1] + counts[i - 1];
        }
        return new RowStarts(starts, counts);
    }

    @FunctionalInterface
    interface TableOf {
        SeriesTables.@Nullable Found find(SeriesTables.Print print) throws IOException;
    }

    /// The index; null where its table is not to be had.
    static @Nullable SeriesIndex decode(byte[] bytes, TableOf tables) throws IOException {
        ByteSource from = new ByteSource(bytes, 0, bytes.length);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = from.readCount("pairs", MOST); i > 0; i--) {
            pairs.put(from.readString(), from.readString());
        }
        SeriesTables.Print print =
                new SeriesTables.Print(from.readLong(), from.readInt(), from.readVarint());
        SeriesTables.Found table = tables.find(print);
        int count = from.readCount("series", MOST);
        if (table == null || table.table().size() != count) {
            return null;
        }
        RowStarts rows = rows(from, count);
        int[] minMs = NumberRuns.readInts(from, count);
        int[] maxMs = NumberRuns.readInts(from, count);
        RowStarts histRows = from.readByte() == 0 ? null : rows(from, count);
        boolean starts = from.readByte() != 0;
        return new SeriesIndex(
                BlockMetadata.of(pairs),
                print,
                table,
                rows,
                histRows,
                minMs,
                maxMs,
                starts ? NumberRuns.read(from, count) : null,
                starts ? NumberRuns.readInts(from, count) : null,
                agents(from, count));
    }
}
