package dev.muster.promql;

import dev.muster.model.labels.Labels;

/// A series that an operator keeps.
///
/// @param dropName whether the metric name goes at the end of the query
/// @param column owned by whoever holds this
/// @param chargedBytes what the budget was charged for it
record StepSeries(Labels labels, boolean dropName, StepColumn column, long chargedBytes) {}
