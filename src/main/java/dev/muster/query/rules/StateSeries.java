package dev.muster.query.rules;

import dev.muster.model.labels.Labels;

/// The last sample of a series `ALERTS_FOR_STATE`: since when its alert was active, and when that
/// was last said.
///
/// @param labels of the series without its name: those of the alert
/// @param timeMs of the sample, Unix time
/// @param value since when the alert was active, in seconds; a staleness marker if it had ended
public record StateSeries(Labels labels, long timeMs, double value) {}
