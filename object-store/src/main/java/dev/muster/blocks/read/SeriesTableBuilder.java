package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.model.labels.Utf8Order;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// Reads the columns of a series file that say which series there are. Confined to one thread, used
/// once.
final class SeriesTableBuilder {
    /// The columns it reads; the last one is not in blocks of before.
    static final List<String> COLUMNS =
            List.of(
                    SeriesColumns.SERIES_ID,
                    SeriesColumns.TYPE,
                    SeriesColumns.UNIT,
                    SeriesColumns.LABEL_NAME,
                    SeriesColumns.LABEL_VALUE,
                    SeriesColumns.HELP);

    private final SeriesTables tables;
    private final Numbers symbols = new Numbers();
    private final Numbers helps = new Numbers();
    private final int[] pairStarts;
    private int[] pairs = new int[256];
    private int pairCount;
    private final long[] ids;
    private final byte[] types;
    private final int[] units;
    private final int[] help;

    SeriesTableBuilder(int rows, SeriesTables tables) {
        this.tables = tables;
        pairStarts = new int[rows + 1];
        ids = new long[rows];
        types = new byte[rows];
        units = new int[rows];
        help = new int[rows];
    }

    /// Numbers for strings, in the order in which they come.
    private final class Numbers implements ToIntFunction<String> {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> texts = new ArrayList<>();

        @Override
        public int applyAsInt(String text) {
            Integer number = numbers.get(text);
            if (number == null) {
                number = texts.size();
                String shared = tables.shared(text);
                numbers.put(shared, number);
                texts.add(shared);
            }
            return number;
        }
    }

    /// Reads the rows `first` to `end` (exclusive) from one row group.
    void read(SeriesGroup group, int first, int end) throws IOException {
        ColumnChunk id = group.column(SeriesColumns.SERIES_ID);
        ColumnChunk type = group.column(SeriesColumns.TYPE);
        ColumnChunk unit = group.column(SeriesColumns.UNIT);
        ColumnChunk text = group.columnIfThere(SeriesColumns.HELP);
        ToIntFunction<String> typeOf = name -> MetricType.of(name).ordinal();
        for (int row = first; row < end; row++) {
            id.next();
            ids[row] = id.int64();
            type.next();
            types[row] = (byte) type.number(typeOf);
            units[row] = unit.next() && unit.present() ? unit.number(symbols) : -1;
            help[row] = text != null && text.next() && text.present() ? text.number(helps) : -1;
        }
        readLabels(group, first, end);
    }

    private void readLabels(SeriesGroup group, int first, int end) throws IOException {
        ColumnChunk name = group.column(SeriesColumns.LABEL_NAME);
        ColumnChunk value = group.column(SeriesColumns.LABEL_VALUE);
        int row = first - 1;
        while (name.next() & value.next()) {
            if (!name.repeats()) {
                row++;
                pairStarts[row] = pairCount;
            }
            if (name.present()) {
                addPair(name.number(symbols), value.number(symbols));
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

    /// The table, whose symbols are in order.
    SeriesTable build() {
        Integer[] order = new Integer[symbols.texts.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Utf8Order.compare(symbols.texts.get(a), symbols.texts.get(b)));
        int[] places = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            places[order[i]] = i;
        }
        for (int i = 0; i < pairCount; i++) {
            pairs[i] = places[pairs[i]];
        }
        for (int i = 0; i < units.length; i++) {
            units[i] = units[i] < 0 ? -1 : places[units[i]];
        }
        return new SeriesTable(
                Arrays.stream(order).map(symbols.texts::get).toArray(String[]::new),
                pairStarts,
                Arrays.copyOf(pairs, pairCount),
                ids,
                types,
                units,
                helps.texts,
                help);
    }
}
