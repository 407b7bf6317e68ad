package dev.muster.blocks.tombstone;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// The tombstones of a bucket, as of the last refresh. Thread-safe.
public final class TombstoneStore {
    /// What all their keys start with.
    static final String PREFIX = "v1/tombstones/";

    private static final String SUFFIX = ".txt";
    private static final int LARGEST_BYTES = 64 << 10;

    private final Bucket bucket;
    private final int limit;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    /// By key; replaced as a whole under the monitor of this object, never changed.
    private volatile Map<String, Tombstone> known = Map.of();

    /// @param limit most tombstones that may be there
    /// @param random makes their ids
    public TombstoneStore(Bucket bucket, int limit, InstantSource clock, RandomGenerator random) {
        this.bucket = bucket;
        this.limit = limit;
        this.clock = clock;
        this.random = random;
    }

    /// All that are known, the oldest first.
    public List<Tombstone> all() {
        return known.values().stream()
                .sorted(Comparator.comparingLong(Tombstone::createdMs).thenComparing(Tombstone::id))
                .toList();
    }

    /// Those whose range overlaps.
    public List<Tombstone> in(TimeRange range) {
        Map<String, Tombstone> now = known;
        if (now.isEmpty()) {
            return List.of();
        }
        return now.values().stream().filter(one -> one.range().overlaps(range)).toList();
    }

    /// Grows whenever there are others than before.
    public long version() {
        return version.get();
    }

    /// Objects under their prefix that could not be read, since the start.
    public long unreadable() {
        return unreadable.get();
    }

    public int limit() {
        return limit;
    }

    /// Looks which there are. One that cannot be read is counted and hides nothing.
    ///
    /// @throws IOException if the bucket could not be listed; what was known stays known
    public synchronized void refresh() throws IOException {
        Map<String, Tombstone> before = known;
        Map<String, Tombstone> found = new HashMap<>();
        for (ObjectInfo object : bucket.list(PREFIX)) {
            Tombstone tombstone = before.get(object.key());
            if (tombstone != null) {
                found.put(object.key(), tombstone);
            } else if (found.size() < 2 * limit) {
                read(object).ifPresent(read -> found.put(object.key(), read));
            }
        }
        publish(found);
    }

    private Optional<Tombstone> read(ObjectInfo object) throws IOException {
        if (object.sizeBytes() > LARGEST_BYTES) {
            unreadable.incrementAndGet();
            return Optional.empty();
        }
        try {
            byte[] content = bucket.range(object.key(), 0, (int) object.sizeBytes());
            return Optional.of(TombstoneText.decode(content));
        } catch (IllegalArgumentException e) {
            unreadable.incrementAndGet();
            return Optional.empty();
        }
    }

    /// Hides samples, here at once and elsewhere with the next refresh.
    ///
    /// @return empty if there are as many tombstones as there may be
    /// @throws IOException if it could not be written; then nothing is hidden
    public synchronized Optional<Tombstone> add(TimeRange range, List<LabelMatcher> matchers)
            throws IOException {
        if (known.size() >= limit) {
            return Optional.empty();
        }
        String id = "%016x".formatted(random.nextLong());
        Tombstone tombstone = new Tombstone(id, clock.millis(), range, matchers);
        byte[] content = TombstoneText.encode(tombstone);
        if (content.length > LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "tombstone: must be smaller: sizeBytes="
                            + content.length
                            + ", limitBytes="
                            + LARGEST_BYTES);
        }
        if (bucket.putIfAbsent(key(tombstone), content) != PutResult.CREATED) {
            throw new IOException("tombstone: id must be new: id=" + id);
        }
        Map<String, Tombstone> more = new HashMap<>(known);
        more.put(key(tombstone), tombstone);
        publish(more);
        return Optional.of(tombstone);
    }

    /// Removes one: what it hid is seen again.
    ///
    /// @throws IOException if it could not be removed
    public synchronized void remove(Tombstone tombstone) throws IOException {
        bucket.delete(key(tombstone));
        Map<String, Tombstone> fewer = new HashMap<>(known);
        fewer.remove(key(tombstone));
        publish(fewer);
    }

    private void publish(Map<String, Tombstone> now) {
        if (!now.equals(known)) {
            known = Map.copyOf(now);
            version.incrementAndGet();
        }
    }

    private static String key(Tombstone tombstone) {
        return "%s%013d-%s%s".formatted(PREFIX, tombstone.createdMs(), tombstone.id(), SUFFIX);
    }
}
