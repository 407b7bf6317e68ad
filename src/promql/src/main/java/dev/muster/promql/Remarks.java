package dev.muster.promql;

import dev.muster.model.labels.Labels;

/// Remarks on the samples of one series after another, at one place of the query. Confined to one
/// thread.
final class Remarks {
    private final Annotations annotations;
    private final Position position;
    private String metric = "";

    Remarks(Annotations annotations, Position position) {
        this.annotations = annotations;
        this.position = position;
    }

    /// Remarks are on that series from now on.
    void metric(Labels labels) {
        metric = labels.metric();
    }

    void mixedTypes() {
        annotations.mixedTypes(metric, position);
    }

    void mixedSchemas() {
        annotations.mixedSchemas(metric, position);
    }

    void notCounter() {
        annotations.notCounter(metric, position);
    }

    void notGauge() {
        annotations.notGauge(metric, position);
    }

    void overlappingStarts() {
        annotations.overlappingStarts(metric, position);
    }

    void conflictingResets() {
        annotations.conflictingResets("aggregation", position);
    }

    /// @param operation `aggregation`, `addition` or `subtraction`
    void reconciledBounds(String operation) {
        annotations.reconciledBounds(operation, position);
    }

    void ignoredHistograms() {
        annotations.ignoredInRange(metric, position);
    }
}
