package dev.muster.blocks.read;

/// What a cache holds, and has done since it was made.
///
/// @param bytes memory or disk that it takes
/// @param entries how many things it holds
/// @param hits how often what was asked for was there
/// @param misses how often it was not
/// @param evictions entries given up for others
/// @param damaged entries that were not what had been put, and were dropped
public record CacheStats(
        long bytes, long entries, long hits, long misses, long evictions, long damaged) {
    /// Of a cache that is off.
    public static final CacheStats NONE = new CacheStats(0, 0, 0, 0, 0, 0);
}
