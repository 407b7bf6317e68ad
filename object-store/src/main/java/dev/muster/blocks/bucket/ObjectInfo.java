package dev.muster.blocks.bucket;

import java.time.Instant;

/// What a bucket knows of an object without reading it.
///
/// @param key the key within the bucket
/// @param sizeBytes length of the content
/// @param etag changes with the content; the MD5 of the content in lower-case hex where the store
///   says so, which S3 does for plain puts
/// @param lastModified when the object was written, by the clock of the store
public record ObjectInfo(String key, long sizeBytes, String etag, Instant lastModified) {
    public ObjectInfo {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException(
                    "object key=" + key + ": size must not be negative: sizeBytes=" + sizeBytes);
        }
    }
}
