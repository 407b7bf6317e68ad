package dev.muster.promql;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Joins series that have the same labels, as operators that change labels may make them, unless
/// they have values at the same step.
final class SeriesMerge implements SeriesSink {
    private final QueryBudget budget;
    private final Map<Key, StepSeries> merged = new LinkedHashMap<>();

    /// Series whose name is to be dropped and others are different series in the end.
    private record Key(Labels labels, boolean dropName) {}

    SeriesMerge(QueryBudget budget) {
        this.budget = budget;
    }

    @Override
    public void accept(Labels labels, boolean dropName, StepColumn column) throws QueryException {
        Key key = new Key(labels, dropName);
        StepSeries known = merged.get(key);
        if (known == null) {
            long bytes = column.sizeBytes();
            budget.chargeMemory(bytes);
            merged.put(key, new StepSeries(labels, dropName, column.copy(), bytes));
            return;
        }
        if (known.column().overlaps(column)) {
            throw duplicate();
        }
        known.column().putAll(column);
    }

    static QueryException duplicate() {
        return QueryException.execution("vector cannot contain metrics with the same labelset");
    }

    /// Pushes what came in, in the order in which its labels came first. To be called once.
    void flush(SeriesSink sink) throws QueryException, IOException {
        for (StepSeries series : merged.values()) {
            sink.accept(series.labels(), series.dropName(), series.column());
            budget.releaseMemory(series.chargedBytes());
        }
    }
}
