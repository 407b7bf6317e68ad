package dev.muster.query.load;

/// What a query has used so far.
///
/// @param series found in the sources
/// @param samples decoded
/// @param fetchedBytes received from agents and object storage
/// @param memoryBytes tracked memory that it holds now
/// @param peakMemoryBytes most that it held
public record Usage(
        long series, long samples, long fetchedBytes, long memoryBytes, long peakMemoryBytes) {
    /// Nothing.
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);
}
