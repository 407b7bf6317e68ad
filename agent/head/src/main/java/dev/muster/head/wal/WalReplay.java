package dev.muster.head.wal;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.disk.Disk;
import dev.muster.head.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/// Reads the log from a segment on, in the order of the sequence numbers. Confined to one thread.
///
/// A bad record with none behind it in the last segment is a torn tail: it was never acknowledged
/// and is cut. Any other is damage: reading goes on at the next record whose checksum holds, and
/// the sequence numbers tell how many are lost. They are counted and named; whoever applies records
/// must not trust one that builds on a lost one.
public final class WalReplay {
    /*
     * After damage the length of the bad record cannot be trusted, so the next record is searched byte by byte.
     * A candidate must have a sequence number a little above the last one and a checksum that holds.
     */
    private static final long SEQUENCE_JUMP_LIMIT = 1 << 20;

    /// What is done with a record.
    @FunctionalInterface
    public interface Target {
        /// @param body valid until this returns
        void apply(int segment, long sequence, ByteReader body) throws IOException;
    }

    private final Disk disk;
    private final Path directory;
    private final Target target;
    private final List<String> damage = new ArrayList<>();
    private final CRC32C checksum = new CRC32C();
    private final ByteReader body = new ByteReader();
    private byte[] record = new byte[64 << 10];
    private long expected;
    private int nextSegment;
    private long tornBytes;
    private long damagedBytes;
    private long lostRecords;

    public WalReplay(Disk disk, Path directory, Target target) {
        this.disk = disk;
        this.directory = directory;
        this.target = target;
    }

    /// Reads all segments from `firstSegment` on and deletes those before it.
    ///
    /// @param firstSequence the number that its first record must have
    public void run(int firstSegment, long firstSequence) throws IOException {
        expected = firstSequence;
        nextSegment = firstSegment;
        SortedMap<Integer, Path> segments = Segment.list(directory);
        for (Path old : segments.headMap(firstSegment).values()) {
            Files.delete(old);
        }
        SortedMap<Integer, Path> rest = segments.tailMap(firstSegment);
        for (Map.Entry<Integer, Path> entry : rest.entrySet()) {
            if (entry.getKey() != nextSegment) {
                damage.add(
                        "wal segment="
                                + nextSegment
                                + ": must be there: next found="
                                + entry.getKey());
            }
            nextSegment = entry.getKey() + 1;
            read(entry.getKey(), entry.getValue(), entry.getKey().equals(rest.lastKey()));
        }
    }

    private void read(int segment, Path path, boolean last) throws IOException {
        long size = Files.size(path);
        if (size > Integer.MAX_VALUE) {
            throw new WalCorruptionException(
                    "wal segment=" + segment + ": must be below 2 GiB: sizeBytes=" + size);
        }
        if (last && size < Segment.HEADER_BYTES) {
            tornBytes += size;
            Files.delete(path);
            return;
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer content = size == 0 ? ByteBuffer.allocate(0) : file.map(0, size);
            int end = records(segment, content, last);
            if (end < size) {
                tornBytes += size - end;
                file.truncate(end);
            }
        }
    }

    /// @return where the sound part ends
    private int records(int segment, ByteBuffer content, boolean last) throws IOException {
        int at = Segment.HEADER_BYTES;
        if (!Segment.hasHeader(content, segment)) {
            damage.add("wal segment=" + segment + " offsetBytes=0: header must be sound");
            if (content.capacity() < at) {
                return content.capacity();
            }
        } else {
            skipTo(segment, content.getLong(Segment.FIRST_SEQUENCE_AT));
        }
        while (at < content.capacity()) {
            int length = recordAt(content, at);
            if (length < 0) {
                int next = resync(content, at + 1);
                if (next < 0 && last) {
                    return at;
                }
                int lostTo = next < 0 ? content.capacity() : next;
                damagedBytes += lostTo - at;
                damage.add(
                        "wal segment="
                                + segment
                                + " offsetBytes="
                                + at
                                + ": checksum must match: lostBytes="
                                + (lostTo - at));
                at = lostTo;
                continue;
            }
            apply(segment, content.getLong(at + 8), length);
            at += Segment.RECORD_HEADER_BYTES + length;
        }
        return content.capacity();
    }

    private void apply(int segment, long sequence, int length) throws IOException {
        skipTo(segment, sequence);
        expected = sequence + 1;
        body.reset(record, 0, length);
        try {
            target.apply(segment, sequence, body);
        } catch (IndexOutOfBoundsException e) {
            throw new WalCorruptionException(
                    "wal segment="
                            + segment
                            + " sequence="
                            + sequence
                            + ": record must be well formed: "
                            + e.getMessage(),
                    e);
        }
    }

    /// Counts the records before `sequence` that were not found.
    private void skipTo(int segment, long sequence) {
        if (sequence > expected) {
            lostRecords += sequence - expected;
            damage.add(
                    "wal segment="
                            + segment
                            + ": sequence numbers must be without gap: expected="
                            + expected
                            + ", actual="
                            + sequence);
            expected = sequence;
        }
    }

    /// Reads the record there into [#record].
    ///
    /// @return length of its body; -1 if there is no sound one with a number that may come next
    private int recordAt(ByteBuffer content, int at) {
        int rest = content.capacity() - at - Segment.RECORD_HEADER_BYTES;
        if (rest <= 0) {
            return -1;
        }
        int length = content.getInt(at);
        long sequence = content.getLong(at + 8);
        if (length <= 0
                || length > rest
                || sequence < expected
                || sequence > expected + SEQUENCE_JUMP_LIMIT) {
            return -1;
        }
        if (record.length < length) {
            record = new byte[Math.max(length, record.length * 2)];
        }
        checksum.reset();
        checksum.update(content.slice(at + 8, 8));
        content.get(at + Segment.RECORD_HEADER_BYTES, record, 0, length);
        checksum.update(record, 0, length);
        return content.getInt(at + 4) == (int) checksum.getValue() ? length : -1;
    }

    private int resync(ByteBuffer content, int from) {
        for (int at = from; at < content.capacity(); at++) {
            if (recordAt(content, at) >= 0) {
                return at;
            }
        }
        return -1;
    }

    /// The sequence number after the last record.
    public long nextSequence() {
        return expected;
    }

    /// The number after the last segment.
    public int nextSegment() {
        return nextSegment;
    }

    /// Bytes cut from the end of the log.
    public long tornBytes() {
        return tornBytes;
    }

    /// Bytes in the middle of the log that could not be read.
    public long damagedBytes() {
        return damagedBytes;
    }

    /// Records in them.
    public long lostRecords() {
        return lostRecords;
    }

    /// Where the log is damaged, in words; empty when it is whole.
    public List<String> damage() {
        return List.copyOf(damage);
    }
}
