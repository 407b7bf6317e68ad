package dev.muster.query.cache;

/// What a cache of results has done since the start.
///
/// @param hits range queries of which all steps that may be kept were there
/// @param partial range queries of which some were there
/// @param misses range queries of which none was there, though it could have been
/// @param passed range queries whose results cannot be kept
/// @param evictions results forgotten because others needed the room
/// @param bytes memory held
public record ResultCacheStats(
        long hits, long partial, long misses, long passed, long evictions, long bytes) {}
