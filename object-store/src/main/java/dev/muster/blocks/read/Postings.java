package dev.muster.blocks.read;

/// Which series have which value of one label. Immutable; owns its arrays.
final class Postings {
    /// Numbers of the values, ascending.
    private final int[] values;

    /// Series of value `i` stand from `starts[i]` to `starts[i + 1]`, ascending.
    private final int[] starts;

    private final int[] series;

    /// @param valueOf value of the label for each series; -1 where it has none
    /// @param symbols how many values there can be
    Postings(int[] valueOf, int symbols) {
        int[] next = new int[symbols + 1];
        int present = 0;
        for (int value : valueOf) {
            if (value >= 0) {
                next[value + 1]++;
                present++;
            }
        }
        int distinct = 0;
        for (int value = 0; value < symbols; value++) {
            distinct += next[value + 1] > 0 ? 1 : 0;
        }
        values = new int[distinct];
        starts = new int[distinct + 1];
        series = new int[present];
        int at = 0;
        for (int value = 0; value < symbols; value++) {
            int count = next[value + 1];
            next[value + 1] += next[value];
            if (count > 0) {
                values[at] = value;
                starts[at] = next[value];
                at++;
            }
        }
        starts[distinct] = present;
        for (int i = 0; i < valueOf.length; i++) {
            if (valueOf[i] >= 0) {
                series[next[valueOf[i]]++] = i;
            }
        }
    }

    /// Different values.
    int size() {
        return values.length;
    }

    /// The symbol of value `i`.
    int value(int i) {
        return values[i];
    }

    /// How many series have value `i`.
    int count(int i) {
        return starts[i + 1] - starts[i];
    }

    /// Writes the series that have value `i` and returns where the next go.
    int copy(int i, int[] into, int at) {
        System.arraycopy(series, starts[i], into, at, count(i));
        return at + count(i);
    }
}
