package dev.muster.model.series;

/// What a query may still take of each thing that is limited: what is left, not what it began with.
///
/// @param series found; 0 if no more
/// @param samples decoded
/// @param fetchedBytes read from object storage or received
/// @param memoryBytes held at one time
public record ReadAllowance(long series, long samples, long fetchedBytes, long memoryBytes) {
    /// As much as there is.
    public static final ReadAllowance UNLIMITED =
            new ReadAllowance(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public ReadAllowance {
        series = Math.max(0, series);
        samples = Math.max(0, samples);
        fetchedBytes = Math.max(0, fetchedBytes);
        memoryBytes = Math.max(0, memoryBytes);
    }

    /// What both allow.
    public ReadAllowance and(ReadAllowance other) {
        return new ReadAllowance(
                Math.min(series, other.series),
                Math.min(samples, other.samples),
                Math.min(fetchedBytes, other.fetchedBytes),
                Math.min(memoryBytes, other.memoryBytes));
    }
}
