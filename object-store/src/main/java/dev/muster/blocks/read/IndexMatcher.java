package dev.muster.blocks.read;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the series of a table that matchers ask for. Each matcher sees each value of its label at
/// most once. Confined to one thread, used once.
final class IndexMatcher {
    private static final int STEPS_BETWEEN_CHECKS = 16_384;

    private final SeriesTable table;
    private final ReadBudget budget;
    private final List<Condition> conditions = new ArrayList<>();
    private int steps;

    private IndexMatcher(SeriesTable table, ReadBudget budget) {
        this.table = table;
        this.budget = budget;
    }

    /// What a matcher says of the series.
    ///
    /// @param name symbol of the label
    /// @param postings series by value
    /// @param holds of which values it holds
    /// @param ofNone whether it holds of series without the label
    private record Condition(int name, Postings postings, Verdicts holds, boolean ofNone) {}

    /// A set of values of one label, by symbol.
    private static final class Verdicts {
        private final boolean[] holds;
        private int seriesCount;

        Verdicts(int symbols) {
            holds = new boolean[symbols];
        }
    }

    /// Numbers of the series, ascending.
    static int[] matches(SeriesTable table, List<LabelMatcher> matchers, ReadBudget budget) {
        IndexMatcher matcher = new IndexMatcher(table, budget);
        // Cheap ones first: a metric that does not occur settles it.
        for (LabelMatcher one : matchers) {
            if (!one.matchesEmpty()
                    && (table.symbolOf(one.name()) < 0
                            || (one instanceof LabelMatcher.Equal(_, String value)
                                    && table.symbolOf(value) < 0))) {
                return new int[0];
            }
        }
        String metric = metric(matchers);
        if (metric != null && table.isByMetric()) {
            return new MetricMatcher(table, matchers, budget).matches(metric);
        }
        for (LabelMatcher one : matchers) {
            if (table.symbolOf(one.name()) >= 0 && !matcher.add(one)) {
                return new int[0];
            }
        }
        return matcher.find();
    }

    /// The metric that is asked for; null where it may be one of several, or none.
    private static @Nullable String metric(List<LabelMatcher> matchers) {
        for (LabelMatcher one : matchers) {
            if (one instanceof LabelMatcher.Equal(String name, String value)
                    && name.equals(Labels.METRIC)
                    && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /// Returns false if no series can match.
    private boolean add(LabelMatcher matcher) {
        int name = table.symbolOf(matcher.name());
        Postings postings = table.postings(name);
        Verdicts verdicts = new Verdicts(table.symbolCount());
        for (int i = 0; i < postings.size(); i++) {
            step();
            int value = postings.value(i);
            if (matcher.matches(table.symbol(value))) {
                verdicts.holds[value] = true;
                verdicts.seriesCount += postings.count(i);
            }
        }
        boolean ofNone = matcher.matchesEmpty();
        conditions.add(new Condition(name, postings, verdicts, ofNone));
        return ofNone || verdicts.seriesCount > 0;
    }

    private int[] find() {
        int first = -1;
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            if (!condition.ofNone
                    && (first < 0
                            || condition.holds.seriesCount
                                    < conditions.get(first).holds.seriesCount)) {
                first = i;
            }
        }
        int[] found = first < 0 ? all() : series(conditions.get(first));
        int kept = 0;
        for (int series : found) {
            step();
            if (holds(series, first)) {
                found[kept++] = series;
            }
        }
        return kept == found.length ? found : Arrays.copyOf(found, kept);
    }

    private int[] all() {
        int[] all = new int[table.size()];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private static int[] series(Condition condition) {
        int[] found = new int[condition.holds.seriesCount];
        int at = 0;
        int values = 0;
        for (int i = 0; i < condition.postings.size(); i++) {
            if (condition.holds.holds[condition.postings.value(i)]) {
                at = condition.postings.copy(i, found, at);
                values++;
            }
        }
        if (values > 1) {
            Arrays.sort(found);
        }
        return found;
    }

    /// @param but the number of a condition that is known to hold; -1 for none
    private boolean holds(int series, int but) {
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            int value = i == but ? 0 : table.value(series, condition.name);
            if (i != but && (value < 0 ? !condition.ofNone : !condition.holds.holds[value])) {
                return false;
            }
        }
        return true;
    }

    private void step() {
        if (++steps % STEPS_BETWEEN_CHECKS == 0) {
            budget.check();
        }
    }
}
