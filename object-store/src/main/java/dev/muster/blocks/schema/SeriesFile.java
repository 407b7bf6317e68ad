package dev.muster.blocks.schema;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;

/// The checksum of a whole series file, and its footer.
///
/// The footer of a Parquet file has no checksum of its own. Ours carries one as metadata
/// `block.check`: the text `muster-crc32c:` and eight hex digits, CRC-32C of the file with these
/// digits taken as zeros.
public final class SeriesFile {
    /// Key of the checksum.
    public static final String CHECK = "block.check";

    private static final String MARK = "muster-crc32c:";
    private static final int DIGITS = 8;

    /// What a writer puts there before the checksum is known.
    public static final String UNCHECKED = MARK + "0".repeat(DIGITS);

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private SeriesFile() {}

    /// Puts the checksum into the bytes of a finished file.
    public static void seal(byte[] file) {
        int position = digits(file);
        byte[] digits =
                "%08x".formatted(checksum(file, position)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, position, DIGITS);
    }

    /// The footer of a file whose checksum holds.
    ///
    /// @throws IOException if the file is damaged
    public static FileMetaData footer(byte[] file) throws IOException {
        check(file);
        return footer(file, file.length);
    }

    /// @throws IOException if the checksum of the file does not hold
    public static void check(byte[] file) throws IOException {
        int position = digits(file);
        if (position < 0) {
            throw new IOException("series file: must be sealed: sizeBytes=" + file.length);
        }
        String expected = new String(file, position, DIGITS, StandardCharsets.US_ASCII);
        String actual = "%08x".formatted(checksum(file, position));
        if (!expected.equals(actual)) {
            throw new IOException(
                    "series file: checksum must match: expected=%s, actual=%s"
                            .formatted(expected, actual));
        }
    }

    /// The footer at the end of `bytes`, whose checksum the caller has seen to.
    ///
    /// @param bytes the last bytes of a Parquet file, with all of the footer
    /// @param length how many of them count
    public static FileMetaData footer(byte[] bytes, int length) throws IOException {
        int start = footerOffset(bytes, length);
        int end = length - MAGIC.length - Integer.BYTES;
        return Util.readFileMetaData(new ByteArrayInputStream(bytes, start, end - start));
    }

    /// Where the footer at the end of `bytes` begins.
    ///
    /// @param length how many of them count
    /// @throws IOException if it is not there
    public static int footerOffset(byte[] bytes, int length) throws IOException {
        int end = length - MAGIC.length - Integer.BYTES;
        if (end < 0 || !magicAt(bytes, length - MAGIC.length)) {
            throw new IOException("parquet file: must end with PAR1: sizeBytes=" + length);
        }
        int footerBytes =
                ByteBuffer.wrap(bytes, end, Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (footerBytes <= 0 || footerBytes > end) {
            throw new IOException(
                    "parquet file: footer must fit: footerBytes=%d, sizeBytes=%d"
                            .formatted(footerBytes, length));
        }
        return end - footerBytes;
    }

    /// The metadata of a footer as a map.
    public static Map<String, String> pairs(FileMetaData footer) {
        Map<String, String> pairs = new HashMap<>();
        if (footer.getKey_value_metadata() != null) {
            for (KeyValue pair : footer.getKey_value_metadata()) {
                pairs.put(pair.getKey(), pair.getValue());
            }
        }
        return pairs;
    }

    private static boolean magicAt(byte[] bytes, int offset) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes[offset + i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(byte[] file, int position) {
        CRC32C crc = new CRC32C();
        crc.update(file, 0, position);
        crc.update(UNCHECKED.getBytes(StandardCharsets.US_ASCII), MARK.length(), DIGITS);
        crc.update(file, position + DIGITS, file.length - position - DIGITS);
        return (int) crc.getValue();
    }

    /// Position of the digits: after the last mark of the file; -1 if there is none.
    private static int digits(byte[] file) {
        byte[] mark = MARK.getBytes(StandardCharsets.US_ASCII);
        for (int i = file.length - mark.length - DIGITS; i >= 0; i--) {
            int same = 0;
            while (same < mark.length && file[i + same] == mark[same]) {
                same++;
            }
            if (same == mark.length) {
                return i + mark.length;
            }
        }
        return -1;
    }
}
