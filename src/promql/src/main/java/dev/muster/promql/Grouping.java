package dev.muster.promql;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;

/// Which labels of a series make its group or match group.
///
/// @param by keep exactly `names`; otherwise drop them and the metric name
record Grouping(boolean by, List<String> names) {
    /// Labels that say what a metric is; they go where a computation makes another metric of it.
    static final List<String> METADATA = List.of(Labels.METRIC, "__type__", "__unit__");

    Grouping {
        names = List.copyOf(names);
    }

    static Grouping of(Expr.Aggregate aggregate) {
        return aggregate.without() ? without(aggregate.grouping()) : by(aggregate.grouping());
    }

    static Grouping of(VectorMatching matching) {
        return matching.on() ? by(matching.labels()) : without(matching.labels());
    }

    private static Grouping by(List<String> names) {
        return new Grouping(true, names);
    }

    private static Grouping without(List<String> names) {
        List<String> all = new ArrayList<>(names);
        all.add(Labels.METRIC);
        return new Grouping(false, all);
    }

    Labels of(Labels labels) {
        if (by) {
            return names.isEmpty() ? Labels.EMPTY : labels.only(names);
        }
        return labels.without(names);
    }

    /// These labels without those that say what a metric is.
    static Labels withoutMetadata(Labels labels) {
        return labels.without(METADATA);
    }
}
