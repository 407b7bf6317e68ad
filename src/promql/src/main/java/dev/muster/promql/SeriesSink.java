package dev.muster.promql;

import dev.muster.model.labels.Labels;
import java.io.IOException;

/// Takes the series of an instant vector, one after another, each over all steps.
@FunctionalInterface
interface SeriesSink {
    /// @param labels identity of the series, with its metric name even if that is to be dropped
    /// @param dropName whether the metric name goes at the end of the query
    /// @param column its values; the sink may change it and must copy what it keeps
    void accept(Labels labels, boolean dropName, StepColumn column)
            throws QueryException, IOException;
}
