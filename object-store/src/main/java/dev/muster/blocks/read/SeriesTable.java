package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.labels.Utf8Order;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which series a block has: their labels, as numbers of strings, and what is said of their
/// metrics. Blocks that have the same series share it. Thread-safe; owns its arrays.
final class SeriesTable {
    private static final MetricType[] TYPES = MetricType.values();
    private static final int BYTES_PER_TEXT = 56;

    /// Ascending.
    private final String[] symbols;

    /// Series `i` has the pairs from `pairStarts[i]` to `pairStarts[i + 1]`.
    private final int[] pairStarts;

    /// name, value, name, value, … as symbols
    private final int[] pairs;

    private final long[] ids;
    private final byte[] types;

    /// Symbols; -1 where there is none.
    private final int[] units;

    private final List<String> helps;

    /// Numbers of help texts; -1 where there is none.
    private final int[] help;

    /// By name of the label, made when it is first asked for.
    private final ConcurrentHashMap<Integer, Postings> postings = new ConcurrentHashMap<>();

    /// Found when it is first asked for.
    private volatile @Nullable Boolean byMetric;

    private final long sizeBytes;

    SeriesTable(
            String[] symbols,
            int[] pairStarts,
            int[] pairs,
            long[] ids,
            byte[] types,
            int[] units,
            List<String> helps,
            int[] help) {
        this.symbols = symbols;
        this.pairStarts = pairStarts;
        this.pairs = pairs;
        this.ids = ids;
        this.types = types;
        this.units = units;
        this.helps = List.copyOf(helps);
        this.help = help;
        long text = 0;
        for (String symbol : symbols) {
            text += BYTES_PER_TEXT + symbol.length();
        }
        for (String one : helps) {
            text += BYTES_PER_TEXT + one.length();
        }
        // Half as much as the pairs once more, for postings of all labels.
        sizeBytes = 512 + text + 6L * pairs.length + 21L * ids.length;
    }

    /// Memory it takes, roughly, once all labels were asked for.
    long sizeBytes() {
        return sizeBytes;
    }

    int size() {
        return ids.length;
    }

    long id(int series) {
        return ids[series];
    }

    /// Where its pairs start; of the number of series, where all end.
    int pairStart(int series) {
        return pairStarts[series];
    }

    /// The symbol at a place of the pairs.
    int pair(int place) {
        return pairs[place];
    }

    int type(int series) {
        return types[series];
    }

    /// A symbol; -1 where there is none.
    int unit(int series) {
        return units[series];
    }

    /// The number of a help text; -1 where there is none.
    int help(int series) {
        return help[series];
    }

    List<String> helps() {
        return helps;
    }

    int symbolCount() {
        return symbols.length;
    }

    String symbol(int number) {
        return symbols[number];
    }

    /// The number of the string; negative where it does not occur.
    int symbolOf(String text) {
        return Arrays.binarySearch(symbols, text, Utf8Order::compare);
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

    /// Is the series of a metric next to the others of it, and metrics ascending? So files have it.
    boolean isByMetric() {
        Boolean known = byMetric;
        if (known == null) {
            known = metricsAscend();
            byMetric = known;
        }
        return known;
    }

    private boolean metricsAscend() {
        int name = symbolOf(Labels.METRIC);
        int last = -1;
        for (int series = 0; series < ids.length; series++) {
            int metric = value(series, name);
            if (metric < last) {
                return false;
            }
            last = metric;
        }
        return true;
    }

    /// The first series whose metric is `metric` or one after it, where series are by metric.
    ///
    /// @param name symbol of the label of the metric
    int firstOf(int name, int metric) {
        int low = 0;
        int high = ids.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value(middle, name) < metric) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The series by value of the label `name`, which is a symbol.
    Postings postings(int name) {
        return postings.computeIfAbsent(
                name,
                label -> {
                    int[] values = new int[ids.length];
                    Arrays.setAll(values, series -> value(series, label));
                    return new Postings(values, symbols.length);
                });
    }

    Labels labels(int series) {
        int start = pairStarts[series];
        String[] texts = new String[pairStarts[series + 1] - start];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols[pairs[start + i]];
        }
        return Labels.of(texts);
    }

    boolean hasLabels(int series, Labels labels) {
        int from = pairStarts[series];
        if (pairStarts[series + 1] - from != 2 * labels.size()) {
            return false;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!symbols[pairs[from + 2 * i]].equals(labels.name(i))
                    || !symbols[pairs[from + 2 * i + 1]].equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    MetricMetadata metadata(int series) {
        MetricType type = TYPES[types[series]];
        String unit = units[series] < 0 ? "" : symbols[units[series]];
        String text = help[series] < 0 ? "" : helps.get(help[series]);
        return type == MetricType.UNKNOWN && unit.isEmpty() && text.isEmpty()
                ? MetricMetadata.NONE
                : new MetricMetadata(type, unit, text);
    }
}
