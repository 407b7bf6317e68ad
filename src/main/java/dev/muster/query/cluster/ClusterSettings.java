package dev.muster.query.cluster;

import dev.muster.promql.EngineConfig;

/// What a node of the cluster allows.
///
/// @param engine limits of queries
/// @param minPlaces blocks and agents that a query must have to read for others to be asked
/// @param maxShares shares of other nodes' queries that are answered at one time
/// @param answerLimitBytes most bytes of another node's answer that are held
public record ClusterSettings(
        EngineConfig engine, int minPlaces, int maxShares, long answerLimitBytes) {
    public ClusterSettings {
        if (minPlaces < 0) {
            throw new IllegalArgumentException(
                    "min-blocks must not be negative: found=" + minPlaces);
        }
        if (maxShares < 1) {
            throw new IllegalArgumentException("max-shares must be positive: found=" + maxShares);
        }
        if (answerLimitBytes < 1 || answerLimitBytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "answer-limit must be 1 to 2G: found=" + answerLimitBytes);
        }
    }

    /// The limits of a share's query.
    ShareLimits limits() {
        return new ShareLimits(
                engine.maxSamples(),
                engine.maxSeries(),
                engine.maxFetchedBytes(),
                engine.maxMemoryBytes());
    }
}
