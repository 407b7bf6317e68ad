package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.HistogramText;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Evaluates `count_values`, which groups by the value, too: as a label.
final class ValueCounts {
    /// Keeps every label: the groups are made here.
    private static final Grouping ALL = new Grouping(false, List.of());

    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Steps steps;
    private final Grouping grouping;
    private final String label;

    ValueCounts(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps)
            throws QueryException {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        this.steps = steps;
        grouping = Grouping.of(aggregate);
        if (!(aggregate.parameter().orElseThrow() instanceof Expr.StringLiteral literal)) {
            throw new IllegalStateException("label of count_values must be a string");
        }
        if (!StringText.isLabelName(literal.value())) {
            throw QueryException.execution("invalid label name " + literal);
        }
        label = literal.value();
    }

    /// No counts yet.
    static Groups none(QueryRun run, Expr.Aggregate aggregate, Steps steps) {
        return new Groups(
                run, Aggregator.COUNT_VALUES, ALL, steps.count(), aggregate.expr().position());
    }

    Groups run() throws QueryException, IOException {
        return evaluation.gather(aggregate.expr(), steps, new Counting());
    }

    /// Counts lane by lane.
    private final class Counting implements Gather<Groups> {
        @Override
        public Groups open() {
            return none(evaluation.run(), aggregate, steps);
        }

        @Override
        public SeriesSink sink(Groups lane) {
            GroupTable<Group> groups = new GroupTable<>(grouping);
            return (labels, _, column) -> {
                Group group = aggregate.without() ? new Group() : groups.find(labels);
                if (group == null) {
                    group = new Group();
                    groups.add(labels, group);
                }
                group.count(labels, column, lane);
            };
        }

        @Override
        public void merge(Groups into, Groups next) {
            into.merge(next);
        }
    }

    /// The values of one group that have been seen.
    private final class Group {
        private final Map<Object, Labels> keys = new HashMap<>();

        void count(Labels labels, StepColumn column, Groups lane) {
            long before = 0;
            Labels key = null;
            for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                NativeHistogram histogram = column.histogram(i);
                long bits = Double.doubleToLongBits(column.at(i));
                if (histogram != null) {
                    key = keys.computeIfAbsent(histogram, _ -> key(labels, text(histogram)));
                    lane.addAt(key, labels, i);
                    key = null;
                } else {
                    if (key == null || bits != before) {
                        double value = column.at(i);
                        key = keys.computeIfAbsent(value, _ -> key(labels, Numbers.plain(value)));
                        before = bits;
                    }
                    lane.addAt(key, labels, i);
                }
            }
        }

        private String text(NativeHistogram histogram) {
            return HistogramText.of(histogram, Numbers::general);
        }
    }

    private Labels key(Labels labels, String value) {
        if (aggregate.without()) {
            // As if the series had the label before it is grouped.
            return grouping.of(labels.toBuilder().set(label, value).build());
        }
        return grouping.of(labels).toBuilder().set(label, value).build();
    }
}
