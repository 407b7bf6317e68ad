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
import java.util.stream.Stream;

/// Reads the columns of a series file that say which series there are. Used once; by two threads,
/// of which one reads the values of labels.
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

    /// Names of labels, and units.
    private final Numbers names = new Numbers();

    /// Values of labels.
    private final Numbers values = new Numbers();

    private final Numbers helps = new Numbers();
    private final int[] pairStarts;
    private final int[] pairs;
    private int pairCount;
    private final long[] ids;
    private final byte[] types;
    private final int[] units;
    private final int[] help;

    /// @param mostPairs how many labels all rows may have
    SeriesTableBuilder(int rows, int mostPairs, SeriesTables tables) {
        this.tables = tables;
        pairStarts = new int[rows + 1];
        pairs = new int[2 * mostPairs];
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

    /// Reads the rows `first` to `end` (exclusive) from one row group, but for values of labels.
    void read(SeriesGroup group, int first, int end) throws IOException {
        group.column(SeriesColumns.SERIES_ID).int64s(ids, first, end, 0);
        int[] numbers = new int[end - first];
        group.column(SeriesColumns.TYPE)
                .numbers(name -> MetricType.of(name).ordinal(), numbers, 0, end - first, 0);
        for (int row = first; row < end; row++) {
            types[row] = (byte) numbers[row - first];
        }
        group.column(SeriesColumns.UNIT).numbers(names, units, first, end, -1);
        ColumnChunk text = group.columnIfThere(SeriesColumns.HELP);
        if (text == null) {
            Arrays.fill(help, first, end, -1);
        } else {
            text.numbers(helps, help, first, end, -1);
        }
        readNames(group, first, end);
    }

    private void readNames(SeriesGroup group, int first, int end) throws IOException {
        int[] row = {first - 1};
        int[] count = {pairCount};
        group.column(SeriesColumns.LABEL_NAME)
                .allNumbers(
                        names,
                        pairs,
                        pairCount,
                        2,
                        (length, repeated, there) -> {
                            int at = row[0];
                            int pair = count[0];
                            for (int i = 0; i < length; i++) {
                                if (repeated[i] == 0) {
                                    pairStarts[++at] = pair;
                                }
                                pair += 2 * there[i];
                            }
                            row[0] = at;
                            count[0] = pair;
                        });
        if (row[0] != end - 1) {
            throw new DamagedBlockException(
                    "series file: every row must have labels: expected=%d, actual=%d"
                            .formatted(end, row[0] + 1));
        }
        pairCount = count[0];
        pairStarts[end] = pairCount;
    }

    /// Reads the values of labels of all row groups; another thread may call it beside [#read].
    ///
    /// @return places of pairs that they take
    int readValues(List<SeriesGroup> groups) throws IOException {
        int at = 0;
        for (SeriesGroup group : groups) {
            at +=
                    2
                            * group.column(SeriesColumns.LABEL_VALUE)
                                    .allNumbers(values, pairs, at + 1, 2, null);
        }
        return at;
    }

    /// The table, whose symbols are in order.
    ///
    /// @param valuePlaces what [#readValues] returned
    SeriesTable build(int valuePlaces) throws IOException {
        if (valuePlaces != pairCount) {
            throw new DamagedBlockException(
                    "series file: labels must have values: expected=%d, actual=%d"
                            .formatted(pairCount / 2, valuePlaces / 2));
        }
        String[] symbols =
                Stream.concat(names.texts.stream(), values.texts.stream())
                        .distinct()
                        .sorted(Utf8Order::compare)
                        .toArray(String[]::new);
        int[] ofNames = places(names, symbols);
        int[] ofValues = places(values, symbols);
        for (int i = 0; i < pairCount; i += 2) {
            pairs[i] = ofNames[pairs[i]];
            pairs[i + 1] = ofValues[pairs[i + 1]];
        }
        for (int i = 0; i < units.length; i++) {
            units[i] = units[i] < 0 ? -1 : ofNames[units[i]];
        }
        return new SeriesTable(
                symbols,
                pairStarts,
                pairCount == pairs.length ? pairs : Arrays.copyOf(pairs, pairCount),
                ids,
                types,
                units,
                helps.texts,
                help);
    }

    private static int[] places(Numbers of, String[] symbols) {
        int[] places = new int[of.texts.size()];
        for (int i = 0; i < symbols.length; i++) {
            Integer number = of.numbers.get(symbols[i]);
            if (number != null) {
                places[number] = i;
            }
        }
        return places;
    }
}
