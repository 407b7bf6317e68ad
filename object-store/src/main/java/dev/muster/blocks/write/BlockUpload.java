package dev.muster.blocks.write;

import dev.muster.blocks.bucket.Bucket;
import java.io.IOException;

/// Puts blocks into a bucket: the samples first, the series last, which makes the block visible.
public final class BlockUpload {
    private BlockUpload() {}

    /// Ships a block, and sees that what the bucket holds is what was sent. May be called again
    /// after any failure, from this or another process of the same host.
    ///
    /// @throws dev.muster.blocks.bucket.BucketException says whether to try again
    public static ShipResult ship(Bucket bucket, LocalBlock block) throws IOException {
        throw new UnsupportedOperationException("follows");
    }
}
