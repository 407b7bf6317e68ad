package dev.muster.agent.journal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Records in a file, in the order they came, each with checksums: docs/format/journal.md. What
/// [#sync] was asked for survives the loss of power. Thread-safe.
public final class Journal implements AutoCloseable {
    /*
     * One file NNNNNNNN.EXTENSION is in use. A new one begins with records that say all that the old
     * one said; it is written whole beside it, forced to the disk and renamed, and only then the old
     * one is deleted. So the highest number is always whole, and what is named .new is none.
     */

    /// What reading back found.
    ///
    /// @param records that were read
    /// @param skipped records whose body was damaged, or that were not understood
    /// @param lostBytes behind the first place where no record was found; 0 where the file ended
    ///   with a record
    /// @param torn the last record was not whole, as after a crash: nobody was told of it
    public record Found(long records, long skipped, long lostBytes, boolean torn) {}

    /// Takes a record that is read back.
    public interface Reader {
        /// @throws IOException if the record is not understood: it is left out
        void read(byte[] record) throws IOException;
    }

    private static final Logger LOG = System.getLogger(Journal.class.getName());
    private static final int HEADER = 12;
    private static final int MAGIC = 8;

    /// Largest record.
    public static final int RECORD_LIMIT = 1 << 30;

    private final Path directory;
    private final String extension;
    private final byte[] magic;
    private final Object syncLock = new Object();

    private long number;
    private FileChannel channel;
    private long end;
    private long count;
    private boolean broken;
    private Found found = new Found(0, 0, 0, false);
    private volatile long syncedNumber;
    private volatile long syncedTo;

    /// Opens the newest file of a directory, which is made if it is not there, and reads it.
    ///
    /// @param extension of its files
    /// @param magic eight characters that a file begins with
    public Journal(Path directory, String extension, String magic, Reader reader)
            throws IOException {
        this.directory = directory;
        this.extension = extension;
        this.magic = magic.getBytes(StandardCharsets.US_ASCII);
        if (this.magic.length != MAGIC) {
            throw new IllegalArgumentException("magic must have 8 characters: found=" + magic);
        }
        Files.createDirectories(directory);
        number = newest();
        if (number == 0) {
            number = 1;
            channel = write(number, List.<byte[]>of().iterator());
        } else {
            channel = open(path(number));
            read(reader);
        }
        deleteOthers();
    }

    private long newest() throws IOException {
        long newest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*." + extension)) {
            for (Path file : files) {
                newest = Math.max(newest, number(file));
            }
        }
        return newest;
    }

    private long number(Path file) {
        String name = file.getFileName().toString();
        String digits = name.substring(0, name.length() - extension.length() - 1);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void deleteOthers() throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, "*." + extension + "{,.new}")) {
            for (Path file : files) {
                if (!file.equals(path(number))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path path(long fileNumber) {
        return directory.resolve("%08d.%s".formatted(fileNumber, extension));
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void read(Reader reader) throws IOException {
        long size = channel.size();
        ByteBuffer start = ByteBuffer.allocate(MAGIC);
        readFully(start, 0);
        if (start.position() < MAGIC || !Arrays.equals(start.array(), magic)) {
            keepAside("first bytes must be its mark", size);
            found = new Found(0, 0, size, false);
            channel.close();
            channel = write(number, List.<byte[]>of().iterator());
            return;
        }
        long skipped = 0;
        end = MAGIC;
        boolean torn = false;
        while (end < size) {
            int length = length(size);
            if (length < 0) {
                torn = length == TORN;
                break;
            }
            skipped += readBody(reader, length) ? 0 : 1;
            end += HEADER + length;
            count++;
        }
        finishRead(size, skipped, torn);
    }

    private static final int TORN = -1;
    private static final int DAMAGED = -2;

    /// Length of the body of the record at [#end].
    private int length(long size) throws IOException {
        if (size - end < HEADER) {
            return TORN;
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        readFully(header, end);
        header.flip();
        int length = header.getInt();
        int bodyCrc = header.getInt();
        if (length < 0 || length > RECORD_LIMIT || header.getInt() != headerCrc(length, bodyCrc)) {
            return isZero() ? TORN : DAMAGED;
        }
        return length > size - end - HEADER ? TORN : length;
    }

    /// A file that grew before what belongs there was written has zeros in that place.
    private boolean isZero() throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(64 << 10);
        for (long at = end; readFully(rest.clear(), at); at += rest.capacity()) {
            for (int i = 0; i < rest.position(); i++) {
                if (rest.get(i) != 0) {
                    return false;
                }
            }
            if (rest.hasRemaining()) {
                return true;
            }
        }
        return true;
    }

    private boolean readBody(Reader reader, int length) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        readFully(header, end);
        ByteBuffer body = ByteBuffer.allocate(length);
        readFully(body, end + HEADER);
        String problem;
        if (header.getInt(4) != crc(body.array())) {
            problem = "checksum must match";
        } else {
            try {
                reader.read(body.array());
                return true;
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        String reason = problem;
        long at = end;
        LOG.log(
                Level.WARNING,
                () ->
                        "record left out file="
                                + path(number)
                                + " offsetBytes="
                                + at
                                + ": "
                                + reason);
        return false;
    }

    private void finishRead(long size, long skipped, boolean torn) throws IOException {
        long lost = size - end;
        if (lost > 0 && !torn) {
            keepAside("record must have its checksum: offsetBytes=" + end, lost);
        }
        if (lost > 0) {
            channel.truncate(end);
            channel.force(true);
        }
        found = new Found(count - skipped, skipped, torn ? 0 : lost, torn);
        syncedNumber = number;
        syncedTo = end;
    }

    private void keepAside(String rule, long lost) throws IOException {
        Path copy = directory.resolve(path(number).getFileName() + ".damaged");
        Files.copy(path(number), copy, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(
                Level.WARNING,
                () ->
                        "journal damaged, what is behind is left out and kept in file="
                                + copy
                                + " lostBytes="
                                + lost
                                + ": "
                                + rule);
    }

    /// @return false at the end of the file
    private boolean readFully(ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                break;
            }
            at += read;
        }
        return into.position() > 0;
    }

    private int headerCrc(int length, int bodyCrc) {
        ByteBuffer header = ByteBuffer.allocate(12 + MAGIC);
        header.put(magic).putInt(length).putInt(bodyCrc).putInt((int) count);
        return crc(header.array());
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// What was found when it was opened.
    public Found found() {
        return found;
    }

    /// Writes a record. It survives the death of this process; for more, [#sync].
    ///
    /// @throws IOException if it could not be written: then it is not there
    public synchronized void append(byte[] record) throws IOException {
        if (broken) {
            throw new IOException("journal must be writable: file=" + path(number));
        }
        ByteBuffer bytes = framed(record);
        try {
            long at = end;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            cutBack(e);
            throw e;
        }
        end += HEADER + record.length;
        count++;
    }

    private ByteBuffer framed(byte[] record) {
        int bodyCrc = crc(record);
        return ByteBuffer.allocate(HEADER + record.length)
                .putInt(record.length)
                .putInt(bodyCrc)
                .putInt(headerCrc(record.length, bodyCrc))
                .put(record)
                .flip();
    }

    private void cutBack(IOException cause) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            broken = true;
            cause.addSuppressed(e);
        }
    }

    /// Waits until all records so far are on the disk. Several who wait share one force.
    public void sync() throws IOException {
        long wantedNumber;
        long wanted;
        synchronized (this) {
            wantedNumber = number;
            wanted = end;
        }
        synchronized (syncLock) {
            if (isSynced(wantedNumber, wanted)) {
                return;
            }
            FileChannel forced;
            long forcedNumber;
            long forcedTo;
            synchronized (this) {
                forced = channel;
                forcedNumber = number;
                forcedTo = end;
            }
            forced.force(false);
            syncedTo = forcedTo;
            syncedNumber = forcedNumber;
        }
    }

    private boolean isSynced(long wantedNumber, long wanted) {
        return syncedNumber > wantedNumber || (syncedNumber == wantedNumber && syncedTo >= wanted);
    }

    /// Size of the file in bytes.
    public synchronized long sizeBytes() {
        return end;
    }

    /// Goes on in a new file that begins with these records, which must say all that the old one
    /// said.
    ///
    /// @throws IOException if it could not be written: then the old one stays in use
    public void restart(Iterator<byte[]> records) throws IOException {
        synchronized (syncLock) {
            synchronized (this) {
                long before = number;
                long countBefore = count;
                long endBefore = end;
                FileChannel old = channel;
                try {
                    channel = write(before + 1, records);
                } catch (IOException e) {
                    count = countBefore;
                    end = endBefore;
                    throw e;
                }
                number = before + 1;
                broken = false;
                syncedTo = end;
                syncedNumber = number;
                old.close();
                Files.deleteIfExists(path(before));
            }
        }
    }

    /// Writes a file whole; [#end] and [#count] are then those of it.
    private FileChannel write(long fileNumber, Iterator<byte[]> records) throws IOException {
        Path target = path(fileNumber);
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        count = 0;
        end = MAGIC;
        try (FileChannel out =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(out, ByteBuffer.wrap(magic));
            while (records.hasNext()) {
                byte[] record = records.next();
                writeFully(out, framed(record));
                end += HEADER + record.length;
                count++;
            }
            out.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        return open(target);
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        @Nullable IOException failure = null;
        try {
            sync();
        } catch (IOException e) {
            failure = e;
        }
        synchronized (this) {
            channel.close();
            broken = true;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
