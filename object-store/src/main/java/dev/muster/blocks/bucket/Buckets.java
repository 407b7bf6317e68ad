package dev.muster.blocks.bucket;

import java.io.IOException;

/// Opens buckets.
public final class Buckets {
    private Buckets() {}

    /// Opens the bucket that the config names, and sees that it can be used.
    ///
    /// @throws IllegalArgumentException if the URL is not one of a bucket
    /// @throws BucketException if the directory cannot be written or the S3 bucket is refused; an
    ///   S3 bucket that is away is no error, because it may come back
    public static Bucket open(BucketConfig config) throws IOException {
        throw new UnsupportedOperationException("follows: " + config);
    }
}
