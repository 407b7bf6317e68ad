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

    /// name, value, name, value, … as symbols; null where there are too many symbols.
    private final char @Nullable [] pairs;

    /// As `pairs`, which is null then.
    private final int @Nullable [] widePairs;

    private final long[] ids;
    private final byte[] types;

    /// Symbols; -1 where there is none; null where no series has one.
    private final int @Nullable [] units;

    private final List<String> helps;

    /// Numbers of help texts; -1 where there is none; null where no series has one.
    private final int @Nullable [] help;

    /// By name of the label, made when it is first asked for.
    private final ConcurrentHashMap<Integer, Postings> postings = new ConcurrentHashMap<>();

    /// Found when it is first asked for.
    private volatile @Nullable Boolean byMetric;

    private final long sizeBytes;

    /// @param pairs symbols of names and values; not kept where they fit in less
    /// @param units symbols; -1 where there is none
    /// @param help numbers of help texts; -1 where there is none
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
        boolean narrow = symbols.length <= Character.MAX_VALUE;
        this.pairs = narrow ? narrow(pairs) : null;
        widePairs = narrow ? null : pairs;
        this.ids = ids;
        this.types = types;
        this.units = noneIfNegative(units);
        this.helps = List.copyOf(helps);
        this.help = noneIfNegative(help);
        long text = 0;
        for (String symbol : symbols) {
            text += BYTES_PER_TEXT + symbol.length();
        }
        for (String one : helps) {
            text += BYTES_PER_TEXT + one.length();
        }
        // and as much as half of wide pairs, for postings of all labels
        sizeBytes =
                512
                        + text
                        + (2L + (narrow ? Character.BYTES : Integer.BYTES)) * pairs.length
                        + 13L * ids.length
                        + 4L
                                * ((this.units == null ? 0 : ids.length)
                                        + (this.help == null ? 0 : ids.length));
    }

    private static char[] narrow(int[] wide) {
        char[] narrow = new char[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (char) wide[i];
        }
        return narrow;
    }

    private static int @Nullable [] noneIfNegative(int[] numbers) {
        for (int number : numbers) {
            if (number >= 0) {
                return numbers;
            }
        }
        return null;
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
        return widePairs == null ? there(pairs)[place] : widePairs[place];
    }

    private static char[] there(char @Nullable [] pairs) {
        if (pairs == null) {
            throw new IllegalStateException("labels must be there");
        }
        return pairs;
    }

    int type(int series) {
        return types[series];
    }

    /// A symbol; -1 where there is none.
    int unit(int series) {
        return units == null ? -1 : units[series];
    }

    /// The number of a help text; -1 where there is none.
    int help(int series) {
        return help == null ? -1 : help[series];
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
        int end = pairStarts[series + 1];
        char[] narrow = pairs;
        if (narrow != null) {
            for (int i = pairStarts[series]; i < end; i += 2) {
                if (narrow[i] == name) {
                    return narrow[i + 1];
                }
            }
            return -1;
        }
        for (int i = pairStarts[series]; i < end; i += 2) {
            if (pair(i) == name) {
                return pair(i + 1);
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
            texts[i] = symbols[pair(start + i)];
        }
        return Labels.of(texts);
    }

    boolean hasLabels(int series, Labels labels) {
        int from = pairStarts[series];
        if (pairStarts[series + 1] - from != 2 * labels.size()) {
            return false;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!symbols[pair(from + 2 * i)].equals(labels.name(i))
                    || !symbols[pair(from + 2 * i + 1)].equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    MetricMetadata metadata(int series) {
        MetricType type = TYPES[types[series]];
        String unit = unit(series) < 0 ? "" : symbols[unit(series)];
        String text = help(series) < 0 ? "" : helps.get(help(series));
        return type == MetricType.UNKNOWN && unit.isEmpty() && text.isEmpty()
                ? MetricMetadata.NONE
                : new MetricMetadata(type, unit, text);
    }
}
