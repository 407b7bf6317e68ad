package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.List;

/// The series of one block: labels as numbers of shared strings, and where their samples are.
/// Immutable; owns its arrays.
final class SeriesIndex {
    private static final MetricType[] TYPES = MetricType.values();

    private final BlockMetadata metadata;
    private final List<String> symbols;

    /// Series `i` has the pairs from `pairStarts[i]` to `pairStarts[i + 1]`.
    private final int[] pairStarts;

    /// name, value, name, value, … as symbols
    private final int[] pairs;

    private final long[] ids;
    private final long[] rowStarts;
    private final int[] rowCounts;
    private final long[] minMs;
    private final long[] maxMs;
    private final byte[] types;
    private final int[] units;
    private final long sizeBytes;

    SeriesIndex(SeriesIndexBuilder built) {
        metadata = built.metadata();
        symbols = List.copyOf(built.symbols());
        pairStarts = built.pairStarts();
        pairs = built.pairs();
        ids = built.ids();
        rowStarts = built.rowStarts();
        rowCounts = built.rowCounts();
        minMs = built.minMs();
        maxMs = built.maxMs();
        types = built.types();
        units = built.units();
        long text = 0;
        for (String symbol : symbols) {
            text += 56 + symbol.length();
        }
        sizeBytes = 512 + text + 4L * pairs.length + (4 + 8 + 8 + 4 + 8 + 8 + 1 + 4L) * ids.length;
    }

    BlockMetadata metadata() {
        return metadata;
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        return sizeBytes;
    }

    int size() {
        return ids.length;
    }

    long id(int series) {
        return ids[series];
    }

    long rowStart(int series) {
        return rowStarts[series];
    }

    int rowCount(int series) {
        return rowCounts[series];
    }

    boolean overlaps(int series, long startMs, long endMs) {
        return minMs[series] < endMs && startMs <= maxMs[series];
    }

    int symbolCount() {
        return symbols.size();
    }

    String symbol(int number) {
        return symbols.get(number);
    }

    /// The number of the string; -1 where it does not occur.
    int symbolOf(String text) {
        return symbols.indexOf(text);
    }

    /// The symbol of the value of label `name`; -1 where the series has no such label.
    int value(int series, int name) {
        for (int i = pairStarts[series]; i < pairStarts[series + 1]; i += 2) {
            if (pairs[i] == name) {
                return pairs[i + 1];
            }
        }
        return -1;
    }

    Labels labels(int series) {
        int start = pairStarts[series];
        String[] texts = new String[pairStarts[series + 1] - start];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols.get(pairs[start + i]);
        }
        return Labels.of(texts);
    }

    boolean hasLabels(int series, Labels labels) {
        int from = pairStarts[series];
        if (pairStarts[series + 1] - from != 2 * labels.size()) {
            return false;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!symbols.get(pairs[from + 2 * i]).equals(labels.name(i))
                    || !symbols.get(pairs[from + 2 * i + 1]).equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    MetricMetadata metadata(int series) {
        MetricType type = TYPES[types[series]];
        String unit = units[series] < 0 ? "" : symbols.get(units[series]);
        return type == MetricType.UNKNOWN && unit.isEmpty()
                ? MetricMetadata.NONE
                : new MetricMetadata(type, unit, "");
    }
}
