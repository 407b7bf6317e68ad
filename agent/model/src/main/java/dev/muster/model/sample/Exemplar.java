package dev.muster.model.sample;

import dev.muster.model.labels.Labels;

/// One observation that stands for others, such as the trace of a slow request.
///
/// @param labels what identifies it, such as `trace_id`
/// @param value what was observed
/// @param timestampMs when, Unix time
public record Exemplar(Labels labels, double value, long timestampMs) {}
