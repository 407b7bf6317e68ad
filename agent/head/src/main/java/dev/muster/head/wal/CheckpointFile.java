package dev.muster.head.wal;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.disk.Disk;
import dev.muster.head.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The file `checkpoint`: magic, content, checksum. It is written beside and moved over the old
/// one, so that there is always a whole one. Confined to one thread.
public final class CheckpointFile implements AutoCloseable {
    private static final byte[] MAGIC = "MUSTERK1".getBytes(StandardCharsets.US_ASCII);
    private static final int FLUSH_BYTES = 64 << 10;

    private final Path path;
    private final Path temporary;
    private final DiskFile file;
    private final CRC32C checksum = new CRC32C();
    private final ByteWriter buffer = new ByteWriter(FLUSH_BYTES * 2);
    private long position;

    private CheckpointFile(Path path, Path temporary, DiskFile file) {
        this.path = path;
        this.temporary = temporary;
        this.file = file;
        buffer.bytes(MAGIC, 0, MAGIC.length);
    }

    /// Starts a new checkpoint in this directory.
    public static CheckpointFile create(Disk disk, Path directory) throws IOException {
        Path temporary = directory.resolve("checkpoint.tmp");
        Files.deleteIfExists(temporary);
        return new CheckpointFile(directory.resolve("checkpoint"), temporary, disk.open(temporary));
    }

    /// The content of the checkpoint; empty if there is none.
    ///
    /// @throws WalCorruptionException if it is damaged
    public static Optional<ByteReader> read(Path directory) throws IOException {
        Path path = directory.resolve("checkpoint");
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(path);
        CRC32C checksum = new CRC32C();
        int length = bytes.length - 4;
        boolean sound = length >= MAGIC.length;
        if (sound) {
            checksum.update(bytes, 0, length);
            sound =
                    new ByteReader(bytes, length, 4).u32() == (int) checksum.getValue()
                            && new String(bytes, 0, MAGIC.length, StandardCharsets.US_ASCII)
                                    .equals(new String(MAGIC, StandardCharsets.US_ASCII));
        }
        if (!sound) {
            throw new WalCorruptionException(
                    "wal checkpoint="
                            + path
                            + ": magic and checksum must match: sizeBytes="
                            + bytes.length);
        }
        return Optional.of(new ByteReader(bytes, MAGIC.length, length - MAGIC.length));
    }

    /// Where the next part of the content is written; [#flush()] after each part.
    public ByteWriter buffer() {
        return buffer;
    }

    /// Writes the buffer where it has become large.
    public void flush() throws IOException {
        if (buffer.size() >= FLUSH_BYTES) {
            write();
        }
    }

    private void write() throws IOException {
        checksum.update(buffer.array(), 0, buffer.size());
        put();
    }

    private void put() throws IOException {
        file.write(buffer.array(), 0, buffer.size(), position);
        position += buffer.size();
        buffer.clear();
    }

    /// Ends the file and puts it in the place of the old one.
    public void commit() throws IOException {
        write();
        buffer.u32((int) checksum.getValue());
        put();
        file.force();
        Files.move(
                temporary,
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory =
                FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(temporary);
    }
}
