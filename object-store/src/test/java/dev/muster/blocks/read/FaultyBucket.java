package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A bucket that fails as told, and remembers what was asked of it.
public final class FaultyBucket implements Bucket {
    private final Bucket inner;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private int failures;
    private BucketException.Kind kind = BucketException.Kind.UNAVAILABLE;
    private int lettingThrough;
    private volatile Consumer<String> beforeRange = key -> {};

    public FaultyBucket(Bucket inner) {
        this.inner = inner;
    }

    /// After `through` requests the next `count` fail.
    public synchronized void fail(int through, int count, BucketException.Kind with) {
        lettingThrough = through;
        failures = count;
        kind = with;
    }

    /// What is done in the thread that asks for a range, with the key.
    public void beforeRange(Consumer<String> action) {
        beforeRange = action;
    }

    public List<String> requests() {
        return List.copyOf(requests);
    }

    public void forget() {
        requests.clear();
    }

    private synchronized void request(String operation, String key) throws BucketException {
        requests.add(operation + " " + key);
        if (lettingThrough > 0) {
            lettingThrough--;
        } else if (failures > 0) {
            failures--;
            throw new BucketException(kind, operation + " key=" + key + ": as told", null);
        }
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        request("put", key);
        return inner.putIfAbsent(key, file);
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) throws IOException {
        request("put", key);
        return inner.putIfAbsent(key, content);
    }

    @Override
    public byte[] range(String key, long offset, int length) throws IOException {
        request("range", key);
        beforeRange.accept(key);
        return inner.range(key, offset, length);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws IOException {
        request("stat", key);
        return inner.stat(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix) throws IOException {
        request("list", prefix);
        return inner.list(prefix);
    }

    @Override
    public void delete(String key) throws IOException {
        request("delete", key);
        inner.delete(key);
    }

    @Override
    public String describe() {
        return "faulty:";
    }

    @Override
    public void close() {
        inner.close();
    }
}
