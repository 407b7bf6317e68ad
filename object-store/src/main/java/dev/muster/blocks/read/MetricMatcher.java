package dev.muster.blocks.read;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds the series of one metric that matchers ask for, in a table that has them next to each
/// other: looks at nothing else, and needs no postings. Confined to one thread, used once.
final class MetricMatcher {
    private static final int SERIES_BETWEEN_CHECKS = 4_096;
    private static final byte HOLDS = 1;
    private static final byte FAILS = 2;

    private final SeriesTable table;
    private final ReadBudget budget;
    private final List<Condition> conditions = new ArrayList<>();

    MetricMatcher(SeriesTable table, List<LabelMatcher> matchers, ReadBudget budget) {
        this.table = table;
        this.budget = budget;
        for (LabelMatcher matcher : matchers) {
            int name = table.symbolOf(matcher.name());
            // one whose label no series has holds of the empty value: the caller has seen to it
            if (name >= 0) {
                conditions.add(new Condition(matcher, name, table.symbolCount()));
            }
        }
    }

    /// What a matcher says of values, asked once of each that occurs.
    private static final class Condition {
        private final LabelMatcher matcher;
        private final int name;
        private final boolean ofNone;
        private final byte[] verdicts;

        /// @param name symbol of the label
        Condition(LabelMatcher matcher, int name, int symbols) {
            this.matcher = matcher;
            this.name = name;
            ofNone = matcher.matchesEmpty();
            verdicts = new byte[symbols];
        }

        boolean holds(SeriesTable table, int series) {
            int value = table.value(series, name);
            if (value < 0) {
                return ofNone;
            }
            if (verdicts[value] == 0) {
                verdicts[value] = matcher.matches(table.symbol(value)) ? HOLDS : FAILS;
            }
            return verdicts[value] == HOLDS;
        }
    }

    /// Numbers of the series, ascending.
    ///
    /// @param metric one that the matchers ask for
    int[] matches(String metric) {
        int name = table.symbolOf(Labels.METRIC);
        int symbol = table.symbolOf(metric);
        if (name < 0 || symbol < 0) {
            return new int[0];
        }
        int first = table.firstOf(name, symbol);
        int end = table.firstOf(name, symbol + 1);
        int[] found = new int[end - first];
        int count = 0;
        for (int series = first; series < end; series++) {
            if ((series - first) % SERIES_BETWEEN_CHECKS == 0) {
                budget.check();
            }
            if (holds(series)) {
                found[count++] = series;
            }
        }
        return count == found.length ? found : Arrays.copyOf(found, count);
    }

    private boolean holds(int series) {
        for (Condition condition : conditions) {
            if (!condition.holds(table, series)) {
                return false;
            }
        }
        return true;
    }
}
