package dev.muster.head.wal;

import dev.muster.head.bytes.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Names and headers of the files of the log, drawn in `docs/format/wal.md`.
final class Segment {
    static final int HEADER_BYTES = 24;

    /// Length, checksum and sequence number before each record's body.
    static final int RECORD_HEADER_BYTES = 16;

    static final int FIRST_SEQUENCE_AT = 12;

    private static final byte[] MAGIC = "MUSTERW1".getBytes(StandardCharsets.US_ASCII);
    private static final String SUFFIX = ".wal";

    private Segment() {}

    static Path path(Path directory, int number) {
        return directory.resolve(String.format("%08d", number) + SUFFIX);
    }

    /// The files of the log by number.
    static SortedMap<Integer, Path> list(Path directory) throws IOException {
        SortedMap<Integer, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{8}\\.wal")) {
                    found.put(
                            Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())),
                            file);
                }
            }
        }
        return found;
    }

    static byte[] header(int number, long firstSequence) {
        ByteWriter header = new ByteWriter(HEADER_BYTES);
        header.bytes(MAGIC, 0, MAGIC.length);
        header.u32(number);
        header.u64(firstSequence);
        CRC32C checksum = new CRC32C();
        checksum.update(header.array(), 0, header.size());
        header.u32((int) checksum.getValue());
        return header.array();
    }

    /// Does this file start with the header of that segment?
    static boolean hasHeader(ByteBuffer file, int number) {
        if (file.capacity() < HEADER_BYTES) {
            return false;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(file.slice(0, HEADER_BYTES - 4));
        return file.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                && file.getInt(8) == number
                && file.getInt(HEADER_BYTES - 4) == (int) checksum.getValue();
    }
}
