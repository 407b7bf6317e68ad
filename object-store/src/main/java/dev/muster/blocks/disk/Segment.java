package dev.muster.blocks.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file of a disk cache. Appended to by one thread at a time, read by many. Not a channel: that
/// would be closed for all when one of its readers is interrupted.
final class Segment {
    /*
     * magic    4 bytes
     * crc      4 bytes   CRC-32C of what follows up to the end of the key
     * key      4 bytes   its length
     * content  4 bytes   its length
     * check    4 bytes   CRC-32C of the content
     * key, in UTF-8; content
     */
    private static final int MAGIC = 0x4d435231;
    private static final int HEADER_BYTES = 20;
    private static final int SUMMED_FROM = 8;
    private static final int LONGEST_KEY = 4_096;
    private static final Pattern NAME = Pattern.compile("ranges-(\\d{1,18})\\.cache");

    private final Path file;
    private final long number;

    /// Has one position for all, so that each use is under its monitor.
    private final RandomAccessFile data;

    private volatile long sizeBytes;
    private boolean grows;

    /// Guarded by the monitor of `data`.
    private boolean closed;

    private Segment(Path file, RandomAccessFile data, long sizeBytes, boolean grows) {
        this.file = file;
        number = number(file);
        this.data = data;
        this.sizeBytes = sizeBytes;
        this.grows = grows;
    }

    static Segment create(Path directory, long number) throws IOException {
        Path file = directory.resolve("ranges-" + number + ".cache");
        RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw");
        data.setLength(0);
        return new Segment(file, data, 0, true);
    }

    /// A segment that another process left; it grows no more.
    static Segment reopen(Path file) throws IOException {
        RandomAccessFile data = new RandomAccessFile(file.toFile(), "r");
        return new Segment(file, data, data.length(), false);
    }

    /// The number of a segment; -1 for any other file.
    static long number(Path file) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /// Bytes that an entry takes.
    static long entryBytes(String key, int contentBytes) {
        return HEADER_BYTES + (long) key.getBytes(StandardCharsets.UTF_8).length + contentBytes;
    }

    long number() {
        return number;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    boolean grows() {
        return grows;
    }

    /// Nothing more is appended.
    void end() {
        grows = false;
    }

    /// Returns where the entry lies.
    long append(String key, byte[] content) throws IOException {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_KEY) {
            throw new IOException("disk cache: key must be short: sizeBytes=" + name.length);
        }
        ByteBuffer entry = ByteBuffer.allocate(HEADER_BYTES + name.length + content.length);
        entry.putInt(MAGIC).putInt(0).putInt(name.length).putInt(content.length);
        entry.putInt(crc(content, 0, content.length)).put(name);
        entry.putInt(
                Integer.BYTES, crc(entry.array(), SUMMED_FROM, entry.position() - SUMMED_FROM));
        entry.put(content);
        long offset = sizeBytes;
        synchronized (data) {
            data.seek(offset);
            data.write(entry.array());
        }
        sizeBytes = offset + entry.capacity();
        return offset;
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// The header of an entry that is whole.
    private record Header(String key, int headBytes, int contentBytes, int check) {}

    /// The header at an offset; null if there is none, or it is damaged.
    private @Nullable Header header(long offset) throws IOException {
        ByteBuffer fixed = read(offset, HEADER_BYTES);
        if (fixed == null || fixed.getInt(0) != MAGIC) {
            return null;
        }
        int keyBytes = fixed.getInt(8);
        int contentBytes = fixed.getInt(12);
        if (keyBytes < 0
                || keyBytes > LONGEST_KEY
                || contentBytes < 0
                || offset + HEADER_BYTES + keyBytes + contentBytes > sizeBytes) {
            return null;
        }
        ByteBuffer head = read(offset, HEADER_BYTES + keyBytes);
        return head == null ? null : header(head, keyBytes, contentBytes);
    }

    /// @param head begins with the header and the key
    private static @Nullable Header header(ByteBuffer head, int keyBytes, int contentBytes) {
        if (head.getInt(0) != MAGIC
                || head.getInt(8) != keyBytes
                || head.getInt(12) != contentBytes
                || head.getInt(4)
                        != crc(head.array(), SUMMED_FROM, HEADER_BYTES + keyBytes - SUMMED_FROM)) {
            return null;
        }
        String key = new String(head.array(), HEADER_BYTES, keyBytes, StandardCharsets.UTF_8);
        return new Header(key, HEADER_BYTES + keyBytes, contentBytes, head.getInt(16));
    }

    private @Nullable ByteBuffer read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        synchronized (data) {
            if (closed) {
                return null;
            }
            data.seek(offset);
            int at = 0;
            while (at < length) {
                int read = data.read(bytes, at, length - at);
                if (read < 0) {
                    return null;
                }
                at += read;
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    /// Told of entries.
    @FunctionalInterface
    interface Entries {
        void accept(String key, long offset, int contentBytes);
    }

    /// Names the entries, up to the first that is not whole.
    void scan(Entries entries) throws IOException {
        long offset = 0;
        for (Header next = header(offset); next != null; next = header(offset)) {
            entries.accept(next.key, offset, next.contentBytes);
            offset += next.headBytes + next.contentBytes;
        }
    }

    /// The content of an entry, in one read; null if it is damaged, of another key or of another
    /// length, or the segment was given up meanwhile.
    byte @Nullable [] read(long offset, String key, int length) throws IOException {
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        int headBytes = HEADER_BYTES + keyBytes;
        if (offset + headBytes + length > sizeBytes) {
            return null;
        }
        ByteBuffer entry = read(offset, headBytes + length);
        if (entry == null) {
            return null;
        }
        Header header = header(entry, keyBytes, length);
        if (header == null
                || !header.key.equals(key)
                || crc(entry.array(), headBytes, length) != header.check) {
            return null;
        }
        return Arrays.copyOfRange(entry.array(), headBytes, headBytes + length);
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    void close() {
        try {
            synchronized (data) {
                closed = true;
                data.close();
            }
        } catch (IOException e) {
            // Nothing of it is needed any more.
        }
    }
}
