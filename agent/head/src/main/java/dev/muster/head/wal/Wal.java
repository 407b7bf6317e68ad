package dev.muster.head.wal;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.disk.Disk;
import dev.muster.head.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The write end of the log: numbered records in numbered segments. Thread-safe.
///
/// A record is in the operating system's hands when [#append] returns, and on the device after the
/// next [#sync()]. A write that fails leaves no trace: what is there of it is cut before the next
/// one.
public final class Wal implements AutoCloseable {
    /// Room that a record leaves at its start.
    public static final int RECORD_HEADER_BYTES = Segment.RECORD_HEADER_BYTES;

    /// Answer of [#append] when the segment has changed since the record was encoded.
    public static final long SEGMENT_CHANGED = -1;

    private final Disk disk;
    private final Path directory;
    private final long segmentBytes;
    private final SortedMap<Integer, Long> sealed = new TreeMap<>();
    private final CRC32C checksum = new CRC32C();
    private long sealedBytes;
    private volatile int segment;
    private @Nullable DiskFile file;
    private long position;
    private long sequence;
    private boolean torn;
    private boolean unsynced;
    private boolean closed;

    /// @param segment number of the next segment, which does not exist yet
    /// @param sequence number of the next record
    public Wal(Disk disk, Path directory, int segment, long sequence, long segmentBytes)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.segment = segment;
        this.sequence = sequence;
        this.segmentBytes = segmentBytes;
        for (var entry : Segment.list(directory).entrySet()) {
            sealed.put(entry.getKey(), Files.size(entry.getValue()));
            sealedBytes += Files.size(entry.getValue());
        }
    }

    /// Number of the segment that the next record goes to, unless it is full.
    public int segment() {
        return segment;
    }

    /// Writes a record: room for [#RECORD_HEADER_BYTES], then its body.
    ///
    /// @param expectedSegment the segment it was encoded for
    /// @return its sequence number, or [#SEGMENT_CHANGED]: nothing was written
    /// @throws IOException if it could not be written; it is then not in the log
    public synchronized long append(ByteWriter record, int expectedSegment) throws IOException {
        if (closed) {
            throw new IOException("wal must be open: directory=" + directory);
        }
        if (file != null
                && position + record.size() > segmentBytes
                && position > Segment.HEADER_BYTES) {
            roll();
        }
        if (expectedSegment != segment) {
            return SEGMENT_CHANGED;
        }
        DiskFile to = writable();
        int length = record.size() - RECORD_HEADER_BYTES;
        record.putU32(0, length);
        record.putU64(8, sequence);
        checksum.reset();
        checksum.update(record.array(), 8, length + 8);
        record.putU32(4, (int) checksum.getValue());
        try {
            to.write(record.array(), 0, record.size(), position);
        } catch (IOException e) {
            torn = true;
            throw e;
        }
        position += record.size();
        unsynced = true;
        return sequence++;
    }

    private DiskFile writable() throws IOException {
        DiskFile current = file;
        if (current == null) {
            current = create();
            file = current;
        }
        if (torn) {
            current.truncate(position);
            torn = false;
        }
        return current;
    }

    private DiskFile create() throws IOException {
        Path path = Segment.path(directory, segment);
        DiskFile created = disk.open(path);
        try {
            created.truncate(0);
            created.write(Segment.header(segment, sequence), 0, Segment.HEADER_BYTES, 0);
        } catch (IOException e) {
            created.close();
            Files.deleteIfExists(path);
            throw e;
        }
        position = Segment.HEADER_BYTES;
        unsynced = true;
        return created;
    }

    /// Where the log goes on.
    ///
    /// @param segment number of the segment
    /// @param sequence number of its first record
    public record Place(int segment, long sequence) {}

    /// How far the log has come.
    ///
    /// @param segment number of the segment that is written
    /// @param offsetBytes size of that segment
    /// @param sequence number of the next record
    /// @param synced whether a sync has begun since the last record
    public record Position(int segment, long offsetBytes, long sequence, boolean synced) {}

    public synchronized Position position() {
        return new Position(segment, position, sequence, !unsynced);
    }

    /// Ends the segment; the next record starts another.
    ///
    /// @return that next segment
    public synchronized Place roll() throws IOException {
        DiskFile current = file;
        if (current == null) {
            return new Place(segment, sequence);
        }
        if (torn) {
            current.truncate(position);
            torn = false;
        }
        current.force();
        current.close();
        sealed.put(segment, position);
        sealedBytes += position;
        file = null;
        position = 0;
        unsynced = false;
        segment = segment + 1;
        return new Place(segment, sequence);
    }

    /// Returns when every record is on the device.
    public void sync() throws IOException {
        DiskFile current;
        int synced;
        synchronized (this) {
            current = file;
            synced = segment;
            if (current == null || !unsynced) {
                return;
            }
            unsynced = false;
        }
        try {
            current.force();
        } catch (IOException e) {
            if (isOpen(synced)) {
                throw e;
            }
        }
    }

    /// Is that segment still written to, so that it must be forced again? One that was ended was
    /// forced then.
    private synchronized boolean isOpen(int number) {
        if (number == segment && file != null) {
            unsynced = true;
            return true;
        }
        return false;
    }

    /// Deletes the segments before `number`.
    public synchronized void deleteBefore(int number) throws IOException {
        while (!sealed.isEmpty() && sealed.firstKey() < number) {
            int first = sealed.firstKey();
            Files.deleteIfExists(Segment.path(directory, first));
            Long bytes = sealed.remove(first);
            sealedBytes -= bytes == null ? 0 : bytes;
        }
    }

    public synchronized long sizeBytes() {
        return sealedBytes + position;
    }

    public synchronized int segments() {
        return sealed.size() + (file == null ? 0 : 1);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        roll();
    }
}
