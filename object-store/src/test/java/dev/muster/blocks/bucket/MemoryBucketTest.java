package dev.muster.blocks.bucket;

class MemoryBucketTest extends BucketContract {
    @Override
    Bucket open() throws Exception {
        return Buckets.open(BucketConfig.of("memory:"));
    }
}
