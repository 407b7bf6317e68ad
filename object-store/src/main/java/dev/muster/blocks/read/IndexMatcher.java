package dev.muster.blocks.read;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.SelectRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the series of an index that a request asks for. Each matcher sees each value of its label
/// once. Confined to one thread.
final class IndexMatcher {
    private static final int SERIES_BETWEEN_CHECKS = 65_536;

    private final SeriesIndex index;
    private final SelectRequest request;
    private final List<Condition> conditions = new ArrayList<>();

    private IndexMatcher(SeriesIndex index, SelectRequest request) {
        this.index = index;
        this.request = request;
        for (LabelMatcher matcher : request.matchers()) {
            conditions.add(new Condition(index, matcher));
        }
    }

    /// Numbers of the series, ascending.
    static int[] matches(SeriesIndex index, SelectRequest request) {
        IndexMatcher matcher = new IndexMatcher(index, request);
        for (Condition condition : matcher.conditions) {
            if (condition.never()) {
                return new int[0];
            }
        }
        return IntStream.range(0, index.size()).filter(matcher::matches).toArray();
    }

    private boolean matches(int series) {
        if (series % SERIES_BETWEEN_CHECKS == 0) {
            request.budget().check();
        }
        if (!index.overlaps(series, request.range().startMs(), request.range().endMs())) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(series)) {
                return false;
            }
        }
        return true;
    }

    /// One matcher and what it said of values so far.
    private static final class Condition {
        private static final byte UNKNOWN = 0;
        private static final byte HOLDS = 1;
        private static final byte FAILS = 2;

        private final SeriesIndex index;
        private final LabelMatcher matcher;
        private final int name;
        private final boolean matchesEmpty;
        private final byte[] verdicts;

        Condition(SeriesIndex index, LabelMatcher matcher) {
            this.index = index;
            this.matcher = matcher;
            name = index.symbolOf(matcher.name());
            matchesEmpty = matcher.matchesEmpty();
            verdicts = new byte[index.symbolCount()];
        }

        /// Whether no series of the index can match.
        boolean never() {
            return !matchesEmpty
                    && (name < 0
                            || (matcher instanceof LabelMatcher.Equal equal
                                    && index.symbolOf(equal.value()) < 0));
        }

        boolean holds(int series) {
            int value = name < 0 ? -1 : index.value(series, name);
            if (value < 0) {
                return matchesEmpty;
            }
            if (verdicts[value] == UNKNOWN) {
                verdicts[value] = matcher.matches(index.symbol(value)) ? HOLDS : FAILS;
            }
            return verdicts[value] == HOLDS;
        }
    }
}
