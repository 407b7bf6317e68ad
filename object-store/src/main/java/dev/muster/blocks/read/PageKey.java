package dev.muster.blocks.read;

/// A page in the cache. The ETag tells apart objects that had the same key one after the other.
///
/// @param key key of the file
/// @param etag its ETag
/// @param offset where the page starts
record PageKey(String key, String etag, long offset) {}
