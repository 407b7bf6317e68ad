package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// One page of a column: its levels and its values, decompressed. Owns its arrays, but for values
/// that lie in a scratch.
final class Page {
    private final Header header;
    private final byte[] repetitionLevels;
    private final byte[] definitionLevels;
    private final byte[] values;
    private final int valueBytes;
    private final int end;

    private Page(
            Header header,
            byte[] repetitionLevels,
            byte[] definitionLevels,
            byte[] values,
            int valueBytes,
            int end) {
        this.header = header;
        this.repetitionLevels = repetitionLevels;
        this.definitionLevels = definitionLevels;
        this.values = values;
        this.valueBytes = valueBytes;
        this.end = end;
    }

    /// What is needed of the header of a dictionary or of a data page of version 2.
    private record Header(
            boolean dictionary,
            int plainBytes,
            int compressedBytes,
            @Nullable Integer crc,
            int values,
            int nulls,
            Encoding encoding,
            int repetitionBytes,
            int definitionBytes,
            boolean compressed,
            int end) {}

    /// Reads a header. The numbers of fields are those of parquet.thrift.
    private static final class HeaderReader {
        private static final int DICTIONARY_PAGE = 2;
        private static final int DATA_PAGE_2 = 3;

        private final CompactStruct from;
        private int type = -1;
        private int plainBytes;
        private int compressedBytes;
        private @Nullable Integer crc;
        private int detailsOf = -1;
        private int values;
        private int nulls;
        private @Nullable Encoding encoding;
        private int repetitionBytes;
        private int definitionBytes;
        private boolean compressed = true;

        HeaderReader(byte[] bytes, int offset) {
            from = new CompactStruct(bytes, offset);
        }

        Header read() throws DamagedBlockException {
            for (int field = from.field(0); field != 0; field = from.field(field)) {
                switch (field) {
                    case 1 -> type = from.int32();
                    case 2 -> plainBytes = from.int32();
                    case 3 -> compressedBytes = from.int32();
                    case 4 -> crc = from.int32();
                    case 7 -> dictionary();
                    case 8 -> data();
                    default -> from.skip();
                }
            }
            if ((type != DICTIONARY_PAGE && type != DATA_PAGE_2) || detailsOf != type) {
                throw new DamagedBlockException(
                        "page: must be a dictionary or of version 2: type=" + type);
            }
            return new Header(
                    type == DICTIONARY_PAGE,
                    plainBytes,
                    compressedBytes,
                    crc,
                    values,
                    nulls,
                    required(encoding, "encoding"),
                    repetitionBytes,
                    definitionBytes,
                    compressed,
                    from.position());
        }

        private void dictionary() {
            detailsOf = DICTIONARY_PAGE;
            for (int field = from.field(0); field != 0; field = from.field(field)) {
                switch (field) {
                    case 1 -> values = from.int32();
                    case 2 -> encoding = Encoding.findByValue(from.int32());
                    default -> from.skip();
                }
            }
        }

        private void data() {
            detailsOf = DATA_PAGE_2;
            for (int field = from.field(0); field != 0; field = from.field(field)) {
                switch (field) {
                    case 1 -> values = from.int32();
                    case 2 -> nulls = from.int32();
                    case 4 -> encoding = Encoding.findByValue(from.int32());
                    case 5 -> definitionBytes = from.int32();
                    case 6 -> repetitionBytes = from.int32();
                    case 7 -> compressed = from.flag();
                    default -> from.skip();
                }
            }
        }
    }

    /// Reads the page that starts at `offset`.
    ///
    /// @param most bytes a page may have decompressed: a damaged header must not take all memory
    static Page read(byte[] bytes, int offset, CompressionCodec codec, long most)
            throws DamagedBlockException {
        try (PageScratch scratch = PageScratch.take()) {
            return read(bytes, offset, codec, most, scratch, false, false);
        }
    }

    /// Reads a page as above.
    ///
    /// @param shared whether its values may stay in the scratch
    /// @param checked whether the caller has seen to the checksum
    static Page read(
            byte[] bytes,
            int offset,
            CompressionCodec codec,
            long most,
            PageScratch scratch,
            boolean shared,
            boolean checked)
            throws DamagedBlockException {
        Header header = new HeaderReader(bytes, offset).read();
        int start = header.end();
        int size = header.compressedBytes();
        if (size < 0 || size > bytes.length - start) {
            throw new DamagedBlockException("page: must fit: sizeBytes=" + size);
        }
        if (!checked) {
            checkSum(header, bytes, start, size);
        }
        int repetition = header.repetitionBytes();
        int definition = header.definitionBytes();
        if (repetition < 0 || definition < 0 || repetition + (long) definition > size) {
            throw new DamagedBlockException("page: levels must fit: sizeBytes=" + size);
        }
        int levels = repetition + definition;
        long plain = (long) header.plainBytes() - levels;
        if (plain < 0 || plain > most) {
            throw new DamagedBlockException("page: must have a likely size: plainBytes=" + plain);
        }
        boolean compressed = codec == CompressionCodec.ZSTD && header.compressed();
        byte[] values = shared ? scratch.bytes((int) plain) : new byte[(int) plain];
        if (compressed) {
            scratch.decompress(bytes, start + levels, size - levels, values, (int) plain);
        } else {
            copy(bytes, start + levels, size - levels, values, (int) plain);
        }
        return new Page(
                header,
                slice(bytes, start, repetition),
                slice(bytes, start + repetition, definition),
                values,
                (int) plain,
                start + size);
    }

    private static void checkSum(Header header, byte[] bytes, int start, int size)
            throws DamagedBlockException {
        CRC32 crc = new CRC32();
        crc.update(bytes, start, size);
        Integer expected = header.crc();
        if (expected == null || expected != (int) crc.getValue()) {
            throw new DamagedBlockException(
                    "page: checksum must match: expected=%s, actual=%08x"
                            .formatted(
                                    expected == null ? "none" : "%08x".formatted(expected),
                                    (int) crc.getValue()));
        }
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static void copy(byte[] bytes, int offset, int length, byte[] into, int plain)
            throws DamagedBlockException {
        if (length != plain) {
            throw new DamagedBlockException(
                    "page: must have its size: expected=%d, actual=%d".formatted(plain, length));
        }
        System.arraycopy(bytes, offset, into, 0, length);
    }

    boolean isDictionary() {
        return header.dictionary();
    }

    /// Values, nulls among them; of a dictionary, its entries.
    int valueCount() {
        return header.values();
    }

    int nullCount() {
        return header.nulls();
    }

    Encoding encoding() {
        return header.encoding();
    }

    byte[] repetitionLevels() {
        return repetitionLevels;
    }

    byte[] definitionLevels() {
        return definitionLevels;
    }

    /// The values, from the start of the array, which may be longer.
    byte[] values() {
        return values;
    }

    /// How many bytes of the array are values.
    int valueBytes() {
        return valueBytes;
    }

    /// Where the next page starts.
    int end() {
        return end;
    }
}
