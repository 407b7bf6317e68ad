package dev.muster.query.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Extents by query, of bounded size; those used longest ago go first. Thread-safe.
final class ExtentStore {
    /// Most extents of one query that do not touch each other.
    private static final int EXTENTS_OF_KEY = 8;

    private static final long KEY_BYTES = 200;

    private final long maxBytes;
    private final LinkedHashMap<Key, List<Extent>> extents = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long evictions;
    private long generation;

    /// What makes the results of two queries the same at the steps that both have.
    ///
    /// @param phaseMs time of every step modulo `stepMs`
    record Key(String query, long stepMs, long phaseMs, long lookbackMs) {
        long sizeBytes() {
            return KEY_BYTES + 2L * query.length();
        }
    }

    ExtentStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// The extent that has the most of a range.
    synchronized Optional<Extent> find(Key key, long firstMs, long lastMs) {
        Extent best = null;
        long most = 0;
        for (Extent extent : extents.getOrDefault(key, List.of())) {
            long common =
                    Math.min(extent.lastMs(), lastMs)
                            - Math.max(extent.firstMs(), firstMs)
                            + key.stepMs;
            if (common > most) {
                most = common;
                best = extent;
            }
        }
        return Optional.ofNullable(best);
    }

    /// Takes an extent in place of those that it overlaps.
    ///
    /// @param asOf [#generation] when its evaluation began: what was cleared since is not put back
    synchronized void put(Key key, Extent extent, long asOf) {
        if (asOf != generation) {
            return;
        }
        List<Extent> old = extents.remove(key);
        bytes -= sizeOf(key, old);
        List<Extent> kept = new ArrayList<>();
        for (Extent other : old == null ? List.<Extent>of() : old) {
            if (other.lastMs() < extent.firstMs() || extent.lastMs() < other.firstMs()) {
                kept.add(other);
            }
        }
        kept.add(extent);
        if (kept.size() > EXTENTS_OF_KEY) {
            kept.removeFirst();
            evictions++;
        }
        extents.put(key, kept);
        bytes += sizeOf(key, kept);
        evict();
    }

    private static long sizeOf(Key key, @Nullable List<Extent> list) {
        return list == null
                ? 0
                : key.sizeBytes() + list.stream().mapToLong(Extent::sizeBytes).sum();
    }

    private void evict() {
        while (bytes > maxBytes && !extents.isEmpty()) {
            Map.Entry<Key, List<Extent>> oldest = extents.firstEntry();
            bytes -= sizeOf(oldest.getKey(), oldest.getValue());
            evictions += oldest.getValue().size();
            extents.remove(oldest.getKey());
        }
    }

    synchronized void clear() {
        extents.clear();
        bytes = 0;
        generation++;
    }

    /// How often it was cleared.
    synchronized long generation() {
        return generation;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long evictions() {
        return evictions;
    }
}
