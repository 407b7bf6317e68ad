package dev.muster.promql;

import java.time.Duration;

/// What an engine allows to one query.
///
/// @param lookback how long a sample stands for its series in an instant vector; above 0
/// @param timeout longest evaluation; above 0
/// @param defaultSubqueryStep resolution of a subquery that names none; above 0
/// @param maxPoints most steps of a range query
/// @param maxSamples most samples decoded
/// @param maxSeries most series found by all selectors together
/// @param maxFetchedBytes most bytes fetched from storage and agents
/// @param maxMemoryBytes most memory that columns may hold at one time
/// @param parallelism most threads that work for one query; at least 1
public record EngineConfig(
        Duration lookback,
        Duration timeout,
        Duration defaultSubqueryStep,
        int maxPoints,
        long maxSamples,
        long maxSeries,
        long maxFetchedBytes,
        long maxMemoryBytes,
        int parallelism) {
    /// The limits of the query node.
    public static final EngineConfig DEFAULT =
            new EngineConfig(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(1),
                    11_000,
                    500_000_000L,
                    1_000_000L,
                    4L << 30,
                    512L << 20,
                    Runtime.getRuntime().availableProcessors());

    public EngineConfig {
        requirePositive("lookback", lookback.toMillis());
        requirePositive("timeout", timeout.toMillis());
        requirePositive("defaultSubqueryStep", defaultSubqueryStep.toMillis());
        requirePositive("maxPoints", maxPoints);
        requirePositive("maxSamples", maxSamples);
        requirePositive("maxSeries", maxSeries);
        requirePositive("maxFetchedBytes", maxFetchedBytes);
        requirePositive("maxMemoryBytes", maxMemoryBytes);
        requirePositive("parallelism", parallelism);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "engine config: limit must be positive: " + name + "=" + value);
        }
    }

    /// A builder that starts with these.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Changes some limits. Not thread-safe.
    public static final class Builder {
        private Duration lookback;
        private Duration timeout;
        private Duration defaultSubqueryStep;
        private int maxPoints;
        private long maxSamples;
        private long maxSeries;
        private long maxFetchedBytes;
        private long maxMemoryBytes;
        private int parallelism;

        private Builder(EngineConfig from) {
            lookback = from.lookback;
            timeout = from.timeout;
            defaultSubqueryStep = from.defaultSubqueryStep;
            maxPoints = from.maxPoints;
            maxSamples = from.maxSamples;
            maxSeries = from.maxSeries;
            maxFetchedBytes = from.maxFetchedBytes;
            maxMemoryBytes = from.maxMemoryBytes;
            parallelism = from.parallelism;
        }

        /// See [EngineConfig#lookback()].
        public Builder lookback(Duration newLookback) {
            lookback = newLookback;
            return this;
        }

        /// See [EngineConfig#timeout()].
        public Builder timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /// See [EngineConfig#defaultSubqueryStep()].
        public Builder defaultSubqueryStep(Duration newDefaultSubqueryStep) {
            defaultSubqueryStep = newDefaultSubqueryStep;
            return this;
        }

        /// See [EngineConfig#maxPoints()].
        public Builder maxPoints(int newMaxPoints) {
            maxPoints = newMaxPoints;
            return this;
        }

        /// See [EngineConfig#maxSamples()].
        public Builder maxSamples(long newMaxSamples) {
            maxSamples = newMaxSamples;
            return this;
        }

        /// See [EngineConfig#maxSeries()].
        public Builder maxSeries(long newMaxSeries) {
            maxSeries = newMaxSeries;
            return this;
        }

        /// See [EngineConfig#maxFetchedBytes()].
        public Builder maxFetchedBytes(long newMaxFetchedBytes) {
            maxFetchedBytes = newMaxFetchedBytes;
            return this;
        }

        /// See [EngineConfig#maxMemoryBytes()].
        public Builder maxMemoryBytes(long newMaxMemoryBytes) {
            maxMemoryBytes = newMaxMemoryBytes;
            return this;
        }

        /// See [EngineConfig#parallelism()].
        public Builder parallelism(int newParallelism) {
            parallelism = newParallelism;
            return this;
        }

        public EngineConfig build() {
            return new EngineConfig(
                    lookback,
                    timeout,
                    defaultSubqueryStep,
                    maxPoints,
                    maxSamples,
                    maxSeries,
                    maxFetchedBytes,
                    maxMemoryBytes,
                    parallelism);
        }
    }
}
