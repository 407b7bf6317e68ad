package dev.muster.agent.remotewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// How far one store has what the log has: everything before was taken, or dropped and counted.
///
/// @param segment of the log
/// @param offsetBytes in it: where a record begins
/// @param samples of the segment that lie before
record Cursor(int segment, long offsetBytes, long samples) {
    private static final int MAGIC = 0x4D525743;
    private static final int BYTES = 28;

    static Cursor at(int segment) {
        return new Cursor(segment, SampleLog.FIRST_OFFSET, 0);
    }

    /// Empty if there is none, or it is damaged.
    static Optional<Cursor> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.getInt() != MAGIC || in.getInt(BYTES - 4) != crc(bytes)) {
            return Optional.empty();
        }
        return Optional.of(new Cursor(in.getInt(), in.getLong(), in.getLong()));
    }

    /// Overwrites the file: a torn write is found by its checksum, and samples are then sent again.
    void write(Path file) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC).putInt(segment).putLong(offsetBytes).putLong(samples);
        out.putInt(crc(out.array())).flip();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BYTES - 4);
        return (int) crc.getValue();
    }
}
