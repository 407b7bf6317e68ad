package dev.muster.agent.upness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/// Says up to when the log was kept, for the process after this one: 24 bytes, written over each
/// second. Drawn in `docs/format/upness.md`. Confined to the log.
final class AliveFile implements AutoCloseable {
    private static final int BYTES = 24;
    private static final int CHECKED = 20;
    private static final byte[] MAGIC = "MUSTERA1".getBytes(StandardCharsets.US_ASCII);

    private final FileChannel file;

    AliveFile(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    void write(long nowMs, int segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putLong(nowMs).putInt(segment);
        bytes.putInt(checksum(bytes.array())).flip();
        file.write(bytes, 0);
    }

    /// The time that a file says of a segment; empty if it says nothing sound of it.
    static OptionalLong read(Path path, int segment) throws IOException {
        if (!Files.exists(path)) {
            return OptionalLong.empty();
        }
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean sound =
                bytes.length == BYTES
                        && in.getInt(CHECKED) == checksum(bytes)
                        && in.getInt(16) == segment;
        return sound ? OptionalLong.of(in.getLong(8)) : OptionalLong.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
