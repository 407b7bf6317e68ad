package dev.muster.federation.directory;

import dev.muster.federation.directory.DirectoryFrame.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// All that one agent knows of the directory. Merging takes the newer saying of each key, so two
/// tables that have exchanged all they have are equal, in whatever order. Confined to one thread at
/// a time.
public final class DirectoryTable {
    /// A cell of which nothing was said for so long is dropped.
    static final long CELL_FORGET_MS = 24L * 3600 * 1000;

    /// And a watch result.
    static final long WATCH_FORGET_MS = 10L * 60 * 1000;

    /// Most cells, and most watch results; more are refused and counted.
    static final int CELL_LIMIT = 4096;

    static final int WATCH_LIMIT = 4 * CELL_LIMIT;

    /// An item is told until so many have known it before.
    static final int HEAT = 2;

    private static final class Held {
        final DirectoryItem item;
        final long saidMs;
        final int keyHash;
        final int versionHash;
        int heat = HEAT;

        /// Of the comparison in which the other side had the same.
        long comparison;

        Held(DirectoryItem item, String key, long saidMs) {
            this.item = item;
            this.saidMs = saidMs;
            this.keyHash = keyHash(key);
            this.versionHash = item.version().digest();
        }

        long digest() {
            long z = ((long) keyHash << 32) ^ versionHash;
            z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return z ^ (z >>> 31);
        }

        long ageMs(long nowMs) {
            return Math.max(0, nowMs - saidMs);
        }
    }

    private final SortedMap<String, Held> held = new TreeMap<>();
    private final Map<Integer, Held> byHash = new HashMap<>();

    /// Those that are told to others, the youngest last.
    private final Map<String, Held> hot = new LinkedHashMap<>();

    private @Nullable List<CellEntry> entries;
    private long digest;
    private int cells;
    private long changes;
    private long refusals;
    private long comparisons;

    /// Takes an item in if it is newer than what is known of its key, and not too old.
    ///
    /// @param nowMs a clock of this table that never steps
    /// @return whether it was news
    public boolean offer(Aged aged, long nowMs) {
        DirectoryItem item = aged.item();
        String key = item.key();
        @Nullable Held before = held.get(key);
        if (before != null && before.item.version().compareTo(item.version()) >= 0) {
            return false;
        }
        if (aged.ageMs() > forgetMs(item)) {
            return false;
        }
        if (before == null && isFull(item)) {
            refusals++;
            return false;
        }
        put(item, key, nowMs - aged.ageMs(), before);
        changes++;
        return true;
    }

    private boolean isFull(DirectoryItem item) {
        return switch (item) {
            case CellEntry _ -> cells >= CELL_LIMIT;
            case WatchResult _ -> held.size() - cells >= WATCH_LIMIT;
        };
    }

    private void put(DirectoryItem item, String key, long saidMs, @Nullable Held before) {
        if (before != null) {
            digest -= before.digest();
        } else if (item instanceof CellEntry) {
            cells++;
        }
        Held fresh = new Held(item, key, saidMs);
        held.put(key, fresh);
        hot.remove(key);
        hot.put(key, fresh);
        if (item instanceof CellEntry) {
            entries = null;
        }
        byHash.put(fresh.keyHash, fresh);
        digest += fresh.digest();
    }

    /// Drops what nobody has said for too long.
    public void expire(long nowMs) {
        held.values()
                .removeIf(old -> {
                    boolean gone = old.ageMs(nowMs) > forgetMs(old.item);
                    if (gone) {
                        digest -= old.digest();
                        byHash.remove(old.keyHash, old);
                        hot.remove(old.item.key());
                        entries = null;
                        cells -= old.item instanceof CellEntry ? 1 : 0;
                    }
                    return gone;
                });
    }

    private static long forgetMs(DirectoryItem item) {
        return item instanceof CellEntry ? CELL_FORGET_MS : WATCH_FORGET_MS;
    }

    /// All cells known, by name.
    public List<CellEntry> cells() {
        List<CellEntry> known = entries;
        if (known == null) {
            known =
                    held.values().stream()
                            .map(h -> h.item)
                            .filter(CellEntry.class::isInstance)
                            .map(CellEntry.class::cast)
                            .toList();
            entries = known;
        }
        return known;
    }

    /// What is known of a cell.
    public Optional<CellEntry> cell(String name) {
        Held found = held.get(name);
        return found != null && found.item instanceof CellEntry entry
                ? Optional.of(entry)
                : Optional.empty();
    }

    /// All that is said of the watch over a cell, with its age.
    public List<Aged> watch(String cell, long nowMs) {
        return held.subMap(cell + '\0', cell + '\1').values().stream()
                .map(h -> new Aged(h.item, h.ageMs(nowMs)))
                .toList();
    }

    /// What one cell says of another that it watches.
    public Optional<WatchResult> watch(String cell, String watcher) {
        Held found = held.get(WatchResult.key(cell, watcher));
        return found != null && found.item instanceof WatchResult result
                ? Optional.of(result)
                : Optional.empty();
    }

    /// All items with their ages: what a file keeps.
    public List<Aged> all(long nowMs) {
        return held.values().stream().map(h -> new Aged(h.item, h.ageMs(nowMs))).toList();
    }

    /// Equal for two tables if, and but for chance only if, they hold the same.
    public long digest() {
        return digest;
    }

    /// Grows with each change.
    public long changes() {
        return changes;
    }

    /// Items refused since the table is full.
    public long refusals() {
        return refusals;
    }

    /// How many cells are known.
    public int size() {
        return cells;
    }

    /// News that others may not have, the youngest of them.
    List<Aged> hot(int limit, long nowMs) {
        return hot.values().stream()
                .skip(Math.max(0, hot.size() - limit))
                .map(h -> new Aged(h.item, h.ageMs(nowMs)))
                .toList();
    }

    /// Somebody knew that item before it was told, or may have known.
    void cool(DirectoryItem item) {
        Held found = hot.get(item.key());
        if (found != null && found.item.version().equals(item.version()) && --found.heat <= 0) {
            hot.remove(item.key());
        }
    }

    /// What was read from a file is not news.
    public void coolAll() {
        hot.clear();
    }

    List<Digest> digests() {
        return held.values().stream().map(h -> new Digest(h.keyHash, h.versionHash)).toList();
    }

    /// What somebody with these digests lacks or has in another version.
    List<Aged> lackedBy(Collection<Digest> digests, int limit, long nowMs) {
        comparisons++;
        for (Digest digest : digests) {
            Held own = byHash.get(digest.key());
            if (own != null && own.versionHash == digest.version()) {
                own.comparison = comparisons;
            }
        }
        List<Aged> lacked = new ArrayList<>();
        for (Held own : held.values()) {
            if (own.comparison != comparisons && lacked.size() < limit) {
                lacked.add(new Aged(own.item, own.ageMs(nowMs)));
            }
        }
        return lacked;
    }

    /// Key hashes of what somebody with these digests has and this table lacks, or has in another
    /// version: which of two is the newer one shows when they meet.
    List<Integer> lacking(Collection<Digest> digests) {
        List<Integer> lacking = new ArrayList<>();
        for (Digest digest : digests) {
            Held own = byHash.get(digest.key());
            if (own == null || own.versionHash != digest.version()) {
                lacking.add(digest.key());
            }
        }
        return lacking;
    }

    /// Items of these key hashes.
    List<Aged> of(Collection<Integer> keyHashes, long nowMs) {
        List<Aged> found = new ArrayList<>();
        for (Integer hash : keyHashes) {
            Held own = byHash.get(hash);
            if (own != null) {
                found.add(new Aged(own.item, own.ageMs(nowMs)));
            }
        }
        return found;
    }

    private static int keyHash(String key) {
        var crc = new CRC32C();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
