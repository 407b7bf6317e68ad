package dev.muster.promql;

/// What a query has cost.
///
/// @param seriesRead series that selectors found
/// @param samplesRead samples decoded
/// @param peakMemoryBytes most memory that columns of this query held at one time, as tracked
/// @param elapsedNanos from the call to the answer
public record QueryStats(
        long seriesRead, long samplesRead, long peakMemoryBytes, long elapsedNanos) {}
