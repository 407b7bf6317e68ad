package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final List<String> helps;

    /// Numbers of help texts; -1 where there is none.
    private final int[] help;

    /// Null where no series of the block has histograms.
    private final long @Nullable [] histRowStarts;

    private final int @Nullable [] histRowCounts;

    /// Null where no series of the block has start times.
    private final long @Nullable [] startsMs;

    private final int @Nullable [] startChanges;
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
        helps = List.copyOf(built.helps());
        help = built.help();
        histRowStarts = built.histRowStarts();
        histRowCounts = built.histRowCounts();
        startsMs = built.startsMs();
        startChanges = built.startChanges();
        long text = 0;
        for (String symbol : symbols) {
            text += 56 + symbol.length();
        }
        for (String one : helps) {
            text += 56 + one.length();
        }
        long perSeries =
                4L
                        + 8
                        + 8
                        + 4
                        + 8
                        + 8
                        + 1
                        + 4
                        + 4
                        + (histRowStarts == null ? 0 : 12)
                        + (startsMs == null ? 0 : 12);
        sizeBytes = 512 + text + 4L * pairs.length + perSeries * ids.length;
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

    /// Where its samples are.
    SeriesSpan span(int series) {
        return new SeriesSpan(
                rowStarts[series],
                rowCounts[series],
                histRowStarts == null ? 0 : histRowStarts[series],
                histRowCounts == null ? 0 : histRowCounts[series],
                minMs[series],
                maxMs[series],
                startsMs == null ? 0 : startsMs[series],
                startChanges == null ? -1 : startChanges[series]);
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
        String text = help[series] < 0 ? "" : helps.get(help[series]);
        return type == MetricType.UNKNOWN && unit.isEmpty() && text.isEmpty()
                ? MetricMetadata.NONE
                : new MetricMetadata(type, unit, text);
    }
}
