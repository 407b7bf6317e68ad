package dev.muster.query.api;

import java.time.Duration;

/// What the API allows.
///
/// @param timeout longest time of a call, waiting included
/// @param maxPoints most steps of a range query
/// @param maxSeries most series that a call may find
/// @param maxSamples most samples that a call may decode
/// @param maxFetchedBytes most bytes that a call may fetch
/// @param maxConcurrent most calls that read series at one time
/// @param maxWaiting most calls that wait for their turn
/// @param bodyLimitBytes largest form
/// @param corsOrigin who may call from a browser: a pattern on the whole origin
public record ApiLimits(
        Duration timeout,
        int maxPoints,
        long maxSeries,
        long maxSamples,
        long maxFetchedBytes,
        int maxConcurrent,
        int maxWaiting,
        long bodyLimitBytes,
        String corsOrigin) {
    public ApiLimits {
        requirePositive("timeout", timeout.toMillis());
        requirePositive("max-points", maxPoints);
        requirePositive("max-series", maxSeries);
        requirePositive("max-samples", maxSamples);
        requirePositive("max-fetched-bytes", maxFetchedBytes);
        requirePositive("max-concurrent", maxConcurrent);
        requirePositive("max-waiting", maxWaiting);
        requirePositive("body-size-limit", bodyLimitBytes);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("limit must be positive: " + name + "=" + value);
        }
    }
}
