package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.disk.Disk;
import dev.muster.head.disk.DiskFile;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The sealed chunks of one window, one after the other in a file that only grows. Thread-safe.
///
/// Queries hold it with [#retain()]; a deleted file goes when the last of them lets it go. It is
/// then cut to nothing first, because its mappings live until they are collected and would keep its
/// blocks on the device.
public final class ChunkFile {
    /// Length and checksum before each chunk.
    public static final int RECORD_HEADER_BYTES = 8;

    private static final byte[] MAGIC = "MUSTERC1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 16;

    /// More mappings than this are replaced by one.
    private static final int PIECES_LIMIT = 64;

    private static final long PIECE_BYTES = 1L << 30;

    private final Path path;
    private final DiskFile file;
    private final CRC32C checksum = new CRC32C();
    private final List<Piece> pieces = new ArrayList<>();
    private long sizeBytes;
    private volatile long forcedBytes;
    private boolean dirty;
    private boolean deleted;
    private int references = 1;

    private ChunkFile(Path path, DiskFile file, long sizeBytes) {
        this.path = path;
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /// Creates the file of the window that starts at `windowStartMs`.
    public static ChunkFile create(Disk disk, Path path, long windowStartMs) throws IOException {
        DiskFile file = disk.open(path);
        try {
            ByteWriter header = new ByteWriter(HEADER_BYTES);
            header.bytes(MAGIC, 0, MAGIC.length);
            header.u64(windowStartMs);
            file.write(header.array(), 0, header.size(), 0);
            return new ChunkFile(path, file, HEADER_BYTES);
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /// Opens a file as a checkpoint has left it; what was written later is cut, because the log
    /// still has it.
    public static ChunkFile reopen(Disk disk, Path path, long sizeBytes) throws IOException {
        DiskFile file = disk.open(path);
        try {
            if (file.size() < sizeBytes) {
                throw new IOException(
                        "chunk file="
                                + path.getFileName()
                                + ": must be as long as the checkpoint says: expectedBytes="
                                + sizeBytes
                                + ", actualBytes="
                                + file.size());
            }
            file.truncate(sizeBytes);
            return new ChunkFile(path, file, sizeBytes);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    public synchronized long sizeBytes() {
        return sizeBytes;
    }

    /// Appends a chunk: room for [#RECORD_HEADER_BYTES], then its body.
    ///
    /// @return where the body starts
    public synchronized long append(ByteWriter chunk) throws IOException {
        int length = chunk.size() - RECORD_HEADER_BYTES;
        checksum.reset();
        checksum.update(chunk.array(), RECORD_HEADER_BYTES, length);
        chunk.putU32(0, length);
        chunk.putU32(4, (int) checksum.getValue());
        if (dirty) {
            file.truncate(sizeBytes);
            dirty = false;
        }
        try {
            file.write(chunk.array(), 0, chunk.size(), sizeBytes);
        } catch (IOException e) {
            dirty = true;
            throw e;
        }
        long body = sizeBytes + RECORD_HEADER_BYTES;
        sizeBytes += chunk.size();
        return body;
    }

    /// Returns when what was appended so far is on the device.
    public void force() throws IOException {
        long size = sizeBytes();
        if (forcedBytes < size) {
            file.force();
            forcedBytes = size;
        }
    }

    /// A mapping that holds these bytes.
    synchronized Piece piece(long offsetBytes, int lengthBytes) throws IOException {
        long end = offsetBytes + lengthBytes;
        for (int i = pieces.size() - 1; i >= 0; i--) {
            Piece piece = pieces.get(i);
            if (piece.startBytes <= offsetBytes && end <= piece.endBytes) {
                return piece;
            }
        }
        if (end > sizeBytes) {
            throw new IOException(
                    "chunk file="
                            + path.getFileName()
                            + ": chunk must lie in the file: endBytes="
                            + end
                            + ", sizeBytes="
                            + sizeBytes);
        }
        return map(offsetBytes, end);
    }

    private Piece map(long offsetBytes, long neededEnd) throws IOException {
        if (pieces.size() >= PIECES_LIMIT) {
            pieces.clear();
        }
        long mappedEnd = pieces.isEmpty() ? 0 : pieces.getLast().endBytes;
        long start = mappedEnd <= offsetBytes ? mappedEnd : offsetBytes;
        while (true) {
            long end = Math.min(sizeBytes, start + PIECE_BYTES);
            if (neededEnd <= end) {
                Piece piece = new Piece(start, end, file.map(start, end - start));
                pieces.add(piece);
                return piece;
            }
            start = offsetBytes;
        }
    }

    /// Keeps the content readable until [#release()].
    ///
    /// @return false if it is gone already
    public synchronized boolean retain() {
        if (references == 0) {
            return false;
        }
        references++;
        return true;
    }

    public synchronized void release() {
        references--;
        if (references == 0) {
            end();
        }
    }

    /// Gives up the owner's hold; the file goes with the last reader.
    public synchronized void delete() {
        if (!deleted) {
            deleted = true;
            release();
        }
    }

    /// Closes the file and keeps it.
    public void close() throws IOException {
        file.close();
    }

    private void end() {
        try {
            pieces.clear();
            file.truncate(0);
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.getLogger(ChunkFile.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            () -> "chunk file could not be deleted: file=" + path,
                            e);
        }
    }

    /// A part of the file in memory.
    record Piece(long startBytes, long endBytes, MappedByteBuffer buffer) {
        int at(long offsetBytes) {
            return Math.toIntExact(offsetBytes - startBytes);
        }
    }
}
