package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// A bucket that keeps each read of a range waiting, as one does that is far away, and counts them.
final class SlowBucket implements Bucket {
    private final Bucket inner;
    private final Duration latency;
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /// How many requests for one block waited for the one before, of those that have ended.
    private final ConcurrentHashMap<String, Integer> chains = new ConcurrentHashMap<>();

    SlowBucket(Bucket inner, Duration latency) {
        this.inner = inner;
        this.latency = latency;
    }

    void forget() {
        requests.reset();
        bytes.reset();
        chains.clear();
    }

    /// The most requests that came after one another for a block: a request counts as the next of a
    /// chain if it was begun when the one before had ended.
    int trips() {
        return chains.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /// Files of a block have the same name in different directories.
    private static String block(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    long requests() {
        return requests.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    @Override
    public byte[] range(String key, long offset, int length) throws IOException {
        requests.increment();
        bytes.add(length);
        String block = block(key);
        int trip = 1 + chains.getOrDefault(block, 0);
        try {
            Thread.sleep(latency);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BucketException(
                    BucketException.Kind.UNAVAILABLE, "range key=" + key + ": interrupted", e);
        }
        byte[] content = inner.range(key, offset, length);
        chains.merge(block, trip, Math::max);
        return content;
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        return inner.putIfAbsent(key, file);
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) throws IOException {
        return inner.putIfAbsent(key, content);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws IOException {
        return inner.stat(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix) throws IOException {
        return inner.list(prefix);
    }

    @Override
    public void delete(String key) throws IOException {
        inner.delete(key);
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public void close() {
        inner.close();
    }
}
