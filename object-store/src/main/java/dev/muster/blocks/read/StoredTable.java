package dev.muster.blocks.read;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A table of series as it is kept on a local disk: quick to read, and once for all blocks that
/// have it. The disk cache has its checksum.
final class StoredTable {
    /*
     * count and texts of the symbols, ascending; count and texts of the help texts; count of series;
     * runs: pairs of each series, types, units, numbers of help texts; number of the series, 8 bytes each;
     * name, value, name, value, … of all series, as symbols.
     */
    private static final int MOST = 1 << 28;

    private StoredTable() {}

    static byte[] encode(SeriesTable table) {
        ByteSink into = new ByteSink();
        into.writeVarint(table.symbolCount());
        for (int i = 0; i < table.symbolCount(); i++) {
            into.writeString(table.symbol(i));
        }
        into.writeVarint(table.helps().size());
        table.helps().forEach(into::writeString);
        int count = table.size();
        into.writeVarint(count);
        NumberRuns.write(into, count, i -> table.pairStart(i + 1) - table.pairStart(i));
        NumberRuns.write(into, count, table::type);
        NumberRuns.write(into, count, table::unit);
        NumberRuns.write(into, count, table::help);
        for (int i = 0; i < count; i++) {
            into.writeLong(table.id(i));
        }
        for (int i = 0; i < table.pairStart(count); i++) {
            into.writeVarint(table.pair(i));
        }
        return into.toByteArray();
    }

    /// @param tables whose strings are shared
    static SeriesTable decode(byte[] bytes, SeriesTables tables) throws IOException {
        ByteSource from = new ByteSource(bytes, 0, bytes.length);
        String[] symbols = texts(from, tables).toArray(String[]::new);
        List<String> helps = texts(from, tables);
        int count = from.readCount("series", MOST);
        int[] pairStarts = new int[count + 1];
        int[] pairCounts = NumberRuns.readInts(from, count);
        for (int i = 0; i < count; i++) {
            pairStarts[i + 1] = Math.addExact(pairStarts[i], pairCounts[i]);
        }
        int[] types = NumberRuns.readInts(from, count);
        byte[] small = new byte[count];
        for (int i = 0; i < count; i++) {
            small[i] = (byte) types[i];
        }
        int[] units = NumberRuns.readInts(from, count);
        int[] help = NumberRuns.readInts(from, count);
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = from.readLong();
        }
        int[] pairs = new int[pairStarts[count]];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = from.readCount("symbol", symbols.length - 1);
        }
        return new SeriesTable(symbols, pairStarts, pairs, ids, small, units, helps, help);
    }

    private static List<String> texts(ByteSource from, SeriesTables tables) throws IOException {
        int count = from.readCount("texts", MOST);
        List<String> texts = new ArrayList<>(Math.min(count, from.left()));
        for (int i = 0; i < count; i++) {
            texts.add(tables.shared(from.readString()));
        }
        return texts;
    }
}
