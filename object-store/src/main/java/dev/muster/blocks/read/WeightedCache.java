package dev.muster.blocks.read;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The values used last, up to a limit of bytes. Thread-safe.
///
/// A value larger than the limit is handed out and not kept.
final class WeightedCache<K, V> {
    private final long limitBytes;
    private final ToLongFunction<V> weigher;
    private final ReentrantLock lock = new ReentrantLock();

    /// In order of use; guarded by `lock`.
    private final LinkedHashMap<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final ConcurrentHashMap<K, CompletableFuture<V>> loading = new ConcurrentHashMap<>();
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;

    WeightedCache(long limitBytes, ToLongFunction<V> weigher) {
        this.limitBytes = limitBytes;
        this.weigher = weigher;
    }

    @FunctionalInterface
    interface Loader<V> {
        V load() throws IOException;
    }

    /// The value of a key, loaded if it is not there. Of several callers at a time one loads; if it
    /// fails, the others load for themselves, because the failure may be that of its query.
    V get(K key, Loader<V> loader) throws IOException {
        return get(key, value -> true, loader);
    }

    /// As [#get], where what is there under the key must also do.
    ///
    /// @param does whether a value does
    V get(K key, Predicate<V> does, Loader<V> loader) throws IOException {
        V found = find(key);
        if (found != null && does.test(found)) {
            return found;
        }
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = loading.putIfAbsent(key, mine);
        if (other != null) {
            V shared = await(other);
            return shared == null || !does.test(shared) ? loader.load() : shared;
        }
        try {
            V loaded = loader.load();
            put(key, loaded);
            mine.complete(loaded);
            return loaded;
        } finally {
            loading.remove(key);
            mine.cancel(false);
        }
    }

    private static <V> @Nullable V await(CompletableFuture<V> other) {
        try {
            return other.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | CancellationException e) {
            return null;
        }
    }

    @Nullable V find(K key) {
        lock.lock();
        try {
            V found = entries.get(key);
            if (found == null) {
                misses++;
            } else {
                hits++;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /// What is there, counted neither as a hit nor as a miss.
    @Nullable V peek(K key) {
        lock.lock();
        try {
            return entries.get(key);
        } finally {
            lock.unlock();
        }
    }

    void put(K key, V value) {
        long weight = weigher.applyAsLong(value);
        if (weight > limitBytes) {
            lock.lock();
            evictions++;
            lock.unlock();
            return;
        }
        lock.lock();
        try {
            V before = entries.put(key, value);
            bytes += weight - (before == null ? 0 : weigher.applyAsLong(before));
            Iterator<Map.Entry<K, V>> oldest = entries.entrySet().iterator();
            while (bytes > limitBytes) {
                bytes -= weigher.applyAsLong(oldest.next().getValue());
                oldest.remove();
                evictions++;
            }
        } finally {
            lock.unlock();
        }
    }

    CacheStats stats() {
        lock.lock();
        try {
            return new CacheStats(bytes, entries.size(), hits, misses, evictions, 0);
        } finally {
            lock.unlock();
        }
    }
}
