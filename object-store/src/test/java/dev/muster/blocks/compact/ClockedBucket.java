package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A bucket whose clock is the test's, and that dies before its so-manieth change.
final class ClockedBucket implements Bucket {
    private final Bucket inner;
    private final InstantSource clock;
    private final Map<String, Instant> written = new HashMap<>();
    private int changesLeft = Integer.MAX_VALUE;
    private Runnable beforeManifest = () -> {};

    ClockedBucket(InstantSource clock) {
        this.clock = clock;
        try {
            inner = Buckets.open(BucketConfig.of("memory:"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// It takes so many changes, and then none.
    void dieAfter(int changes) {
        changesLeft = changes;
    }

    boolean isDead() {
        return changesLeft < 0;
    }

    void revive() {
        changesLeft = Integer.MAX_VALUE;
    }

    /// Runs once, before the next manifest is put.
    void beforeManifest(Runnable action) {
        beforeManifest = action;
    }

    private void change() throws IOException {
        if (--changesLeft < 0) {
            changesLeft = -1;
            throw new IOException("killed");
        }
    }

    private ObjectInfo stamped(ObjectInfo info) {
        Instant at = written.getOrDefault(info.key(), info.lastModified());
        return new ObjectInfo(info.key(), info.sizeBytes(), info.etag(), at);
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        change();
        return noted(key, inner.putIfAbsent(key, file));
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) throws IOException {
        if (key.startsWith("v1/manifest/")) {
            Runnable action = beforeManifest;
            beforeManifest = () -> {};
            action.run();
        }
        change();
        return noted(key, inner.putIfAbsent(key, content));
    }

    private PutResult noted(String key, PutResult result) {
        if (result == PutResult.CREATED) {
            written.put(key, clock.instant());
        }
        return result;
    }

    @Override
    public byte[] range(String key, long offset, int length) throws IOException {
        return inner.range(key, offset, length);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws IOException {
        return inner.stat(key).map(this::stamped);
    }

    @Override
    public List<ObjectInfo> list(String prefix) throws IOException {
        return inner.list(prefix).stream().map(this::stamped).toList();
    }

    @Override
    public void delete(String key) throws IOException {
        change();
        inner.delete(key);
    }

    @Override
    public String describe() {
        return "memory:";
    }

    @Override
    public void close() {
        inner.close();
    }
}
