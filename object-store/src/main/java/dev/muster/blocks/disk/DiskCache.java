package dev.muster.blocks.disk;

import dev.muster.model.labels.Xxh3;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ranges of objects kept on a local disk, up to a limit of bytes, over restarts. Thread-safe.
///
/// It is a cache: nothing is forced to the disk, a failure to write is counted and forgotten, and
/// what is read is what was put, or nothing.
public final class DiskCache implements AutoCloseable {
    /*
     * Entries are appended to segments, which are files of a number; the last one grows. When there are too many bytes,
     * the oldest segment goes; an entry that was read while it was among the older half of them has been appended
     * once more by then. A process that dies tears at most the ends of files: each entry begins with a header that has
     * a checksum over itself and its key, and one of the content, which is checked when it is read. A start reads the
     * headers and goes on behind the last one that is whole, in a new segment.
     */
    private static final System.Logger LOG = System.getLogger(DiskCache.class.getName());

    private static final int SEGMENTS = 16;
    private static final long LEAST_SEGMENT_BYTES = 1 << 16;
    private static final int ANY_LENGTH = -1;

    private final Path directory;
    private final long limitBytes;
    private final long segmentBytes;

    /// Open, and locked, as long as the directory belongs to this cache.
    private final FileChannel owned;

    private final ReentrantLock lock = new ReentrantLock();

    /// Oldest first; guarded by `lock`, as is all that follows.
    private final Deque<Segment> segments = new ArrayDeque<>();

    /// By hash of the key, which stands beside the content.
    private final Map<Long, Place> places = new HashMap<>();

    private long nextNumber;
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;
    private long damaged;
    private long errors;
    private boolean closed;

    /// Where an entry lies, and how long its content is.
    private record Place(Segment segment, long offset, int contentBytes) {}

    private DiskCache(Path directory, long limitBytes, FileChannel owned) {
        this.directory = directory;
        this.owned = owned;
        this.limitBytes = limitBytes;
        segmentBytes = Math.max(LEAST_SEGMENT_BYTES, limitBytes / SEGMENTS);
    }

    /// What the cache has done.
    ///
    /// @param bytes length of its files
    /// @param entries ranges that it holds
    /// @param hits how often a range was there
    /// @param misses how often it was not
    /// @param evictions ranges given up for others
    /// @param damaged ranges that were not what had been put, and were dropped
    /// @param errors times that the disk did not do as asked
    public record Stats(
            long bytes,
            long entries,
            long hits,
            long misses,
            long evictions,
            long damaged,
            long errors) {}

    /// Opens the cache and finds what an earlier process left there.
    ///
    /// @param directory for this cache alone; created if missing
    /// @param limitBytes most bytes of its files, above 0
    /// @throws IOException if the directory cannot be used
    public static DiskCache open(Path directory, long limitBytes) throws IOException {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException(
                    "disk cache: limit must be above 0: limitBytes=" + limitBytes);
        }
        Files.createDirectories(directory);
        DiskCache cache = new DiskCache(directory, limitBytes, own(directory));
        cache.recover();
        return cache;
    }

    private static FileChannel own(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another cache of this process has it.
        }
        channel.close();
        throw new IOException("disk cache: directory must be of one process: " + directory);
    }

    private void recover() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(file -> Segment.number(file) >= 0).forEach(files::add);
        }
        files.sort(Comparator.comparingLong(Segment::number));
        for (Path file : files) {
            nextNumber = Segment.number(file) + 1;
            Segment segment = Segment.reopen(file);
            segment.scan((key, offset, contentBytes) ->
                    places.put(hash(key), new Place(segment, offset, contentBytes)));
            segments.add(segment);
            bytes += segment.sizeBytes();
        }
        shrink();
    }

    private static long hash(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(bytes, bytes.length);
    }

    /// The content of a key as it was put; null where it is not there.
    ///
    /// @param length how long it must be
    public byte @Nullable [] find(String key, int length) {
        return content(key, length);
    }

    /// The content of a key as it was put, however long; null where it is not there.
    public byte @Nullable [] find(String key) {
        return content(key, ANY_LENGTH);
    }

    /// Is there likely a content of a key? Not counted.
    public boolean has(String key) {
        lock.lock();
        try {
            return !closed && places.containsKey(hash(key));
        } finally {
            lock.unlock();
        }
    }

    /// Forgets a content that its owner cannot use, and counts it as damaged.
    public void drop(String key) {
        lock.lock();
        try {
            if (places.remove(hash(key)) != null) {
                damaged++;
            }
        } finally {
            lock.unlock();
        }
    }

    private byte @Nullable [] content(String key, int length) {
        long hash = hash(key);
        Place place = place(hash);
        if (place == null) {
            return null;
        }
        byte[] content;
        try {
            content =
                    length == ANY_LENGTH || length == place.contentBytes
                            ? place.segment.read(place.offset, key, place.contentBytes)
                            : null;
        } catch (IOException e) {
            failed(e);
            content = null;
        }
        lock.lock();
        try {
            if (content == null) {
                misses++;
                if (places.remove(hash, place)) {
                    damaged++;
                }
                return null;
            }
            hits++;
            if (!closed && isOld(place.segment) && place.equals(places.get(hash))) {
                append(hash, key, content);
            }
            return content;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Place place(long hash) {
        lock.lock();
        try {
            Place place = closed ? null : places.get(hash);
            if (place == null) {
                misses++;
            }
            return place;
        } finally {
            lock.unlock();
        }
    }

    /// Will it be among the next to go?
    private boolean isOld(Segment segment) {
        return bytes > limitBytes / 2
                && segment.number() - segments.getFirst().number() < SEGMENTS / 4;
    }

    /// Keeps the content of a key, which never has another one.
    public void put(String key, byte[] content) {
        long hash = hash(key);
        lock.lock();
        try {
            if (!closed && !places.containsKey(hash)) {
                append(hash, key, content);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Keeps the content of a key in place of another one that it may have.
    public void replace(String key, byte[] content) {
        lock.lock();
        try {
            if (!closed) {
                append(hash(key), key, content);
            }
        } finally {
            lock.unlock();
        }
    }

    private void append(long hash, String key, byte[] content) {
        long size = Segment.entryBytes(key, content.length);
        if (size > segmentBytes) {
            return;
        }
        try {
            Segment last = segments.peekLast();
            if (last == null || !last.grows() || last.sizeBytes() + size > segmentBytes) {
                last = Segment.create(directory, nextNumber);
                nextNumber++;
                segments.add(last);
            }
            long offset = last.append(key, content);
            bytes += size;
            places.put(hash, new Place(last, offset, content.length));
        } catch (IOException e) {
            failed(e);
            Segment last = segments.peekLast();
            if (last != null) {
                // What was torn is behind its last whole entry: nothing more goes there.
                last.end();
            }
        }
        shrink();
    }

    /// Gives up the oldest segments.
    private void shrink() {
        while (bytes > limitBytes && !segments.isEmpty()) {
            Segment oldest = segments.removeFirst();
            bytes -= oldest.sizeBytes();
            int before = places.size();
            places.values().removeIf(place -> place.segment.number() == oldest.number());
            evictions += before - places.size();
            try {
                oldest.delete();
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private void failed(IOException e) {
        lock.lock();
        try {
            if (errors++ == 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "disk cache cannot be used: directory=" + directory + " reason=" + e);
            }
        } finally {
            lock.unlock();
        }
    }

    public Stats stats() {
        lock.lock();
        try {
            return new Stats(bytes, places.size(), hits, misses, evictions, damaged, errors);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            for (Segment segment : segments) {
                segment.close();
            }
            segments.clear();
            places.clear();
            owned.close();
        } catch (IOException e) {
            failed(e);
        } finally {
            lock.unlock();
        }
    }
}
