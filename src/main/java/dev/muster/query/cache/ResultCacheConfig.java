package dev.muster.query.cache;

import java.time.Duration;

/// Limits of a cache of range query results.
///
/// @param maxBytes memory for results; 0 keeps none
/// @param fresh steps younger than this are always evaluated, as late samples may still change
///   them; not negative
/// @param timeToLive results are forgotten this long after they were evaluated, so that what nobody
///   tells the cache of, such as a block that somebody has put into the store, is seen at last;
///   above 0
public record ResultCacheConfig(long maxBytes, Duration fresh, Duration timeToLive) {
    public ResultCacheConfig {
        if (maxBytes < 0 || fresh.isNegative()) {
            throw new IllegalArgumentException(
                    "result cache: size and fresh time must not be negative: maxBytes=%d, fresh=%s"
                            .formatted(maxBytes, fresh));
        }
        if (timeToLive.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "result cache: time to live must be positive: found=" + timeToLive);
        }
    }
}
