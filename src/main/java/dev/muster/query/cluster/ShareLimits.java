package dev.muster.query.cluster;

import dev.muster.model.series.ReadAllowance;

/// What the asking node allows to a share of its query; the answering node allows no more than
/// that, and no more than it allows its own.
///
/// @param samples most samples decoded
/// @param series most series found
/// @param fetchedBytes most bytes fetched from blocks and agents
/// @param memoryBytes most memory that columns may hold at one time
public record ShareLimits(long samples, long series, long fetchedBytes, long memoryBytes) {
    public ShareLimits {
        requirePositive("samples", samples);
        requirePositive("series", series);
        requirePositive("fetchedBytes", fetchedBytes);
        requirePositive("memoryBytes", memoryBytes);
    }

    /// These, and no more than a query has left. Nothing left is 1: what is over is refused where
    /// it is read, with the name of the limit.
    ShareLimits within(ReadAllowance left) {
        return new ShareLimits(
                Math.clamp(left.samples(), 1, samples),
                Math.clamp(left.series(), 1, series),
                Math.clamp(left.fetchedBytes(), 1, fetchedBytes),
                Math.clamp(left.memoryBytes(), 1, memoryBytes));
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "share limit must be positive: " + name + "=" + value);
        }
    }
}
