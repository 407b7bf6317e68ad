package dev.muster.promql;

import java.util.Optional;

/// What a query has cost.
///
/// @param seriesRead series that selectors found
/// @param samplesRead samples decoded
/// @param peakMemoryBytes most memory that columns of this query held at one time, as tracked
/// @param perStep samples that each step looks at, where they were counted
/// @param elapsedNanos from the call to the answer
public record QueryStats(
        long seriesRead,
        long samplesRead,
        long peakMemoryBytes,
        Optional<StepSamples> perStep,
        long elapsedNanos) {}
