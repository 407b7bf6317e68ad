package dev.muster.promql;

import dev.muster.model.labels.Labels;

/// A series that an operator keeps.
///
/// @param dropName whether the metric name goes at the end of the query
/// @param column owned by whoever holds this
/// @param chargedBytes what the budget was charged for it
record StepSeries(Labels labels, boolean dropName, StepColumn column, long chargedBytes) {
    /// A copy of what a sink was given, charged to the budget.
    static StepSeries copy(Labels labels, boolean dropName, StepColumn column, QueryBudget budget) {
        long bytes = column.sizeBytes();
        budget.chargeMemory(bytes);
        return new StepSeries(labels, dropName, column.copy(), bytes);
    }
}
