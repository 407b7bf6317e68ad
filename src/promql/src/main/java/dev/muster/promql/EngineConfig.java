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
                    1);

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

    public EngineConfig withLookback(Duration newLookback) {
        return new EngineConfig(
                newLookback,
                timeout,
                defaultSubqueryStep,
                maxPoints,
                maxSamples,
                maxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withTimeout(Duration newTimeout) {
        return new EngineConfig(
                lookback,
                newTimeout,
                defaultSubqueryStep,
                maxPoints,
                maxSamples,
                maxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withDefaultSubqueryStep(Duration newDefaultSubqueryStep) {
        return new EngineConfig(
                lookback,
                timeout,
                newDefaultSubqueryStep,
                maxPoints,
                maxSamples,
                maxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withMaxPoints(int newMaxPoints) {
        return new EngineConfig(
                lookback,
                timeout,
                defaultSubqueryStep,
                newMaxPoints,
                maxSamples,
                maxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withMaxSamples(long newMaxSamples) {
        return new EngineConfig(
                lookback,
                timeout,
                defaultSubqueryStep,
                maxPoints,
                newMaxSamples,
                maxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withMaxSeries(long newMaxSeries) {
        return new EngineConfig(
                lookback,
                timeout,
                defaultSubqueryStep,
                maxPoints,
                maxSamples,
                newMaxSeries,
                maxFetchedBytes,
                maxMemoryBytes,
                parallelism);
    }

    public EngineConfig withMaxMemoryBytes(long newMaxMemoryBytes) {
        return new EngineConfig(
                lookback,
                timeout,
                defaultSubqueryStep,
                maxPoints,
                maxSamples,
                maxSeries,
                maxFetchedBytes,
                newMaxMemoryBytes,
                parallelism);
    }
}
