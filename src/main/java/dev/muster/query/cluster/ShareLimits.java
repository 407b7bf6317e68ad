package dev.muster.query.cluster;

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

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "share limit must be positive: " + name + "=" + value);
        }
    }
}
