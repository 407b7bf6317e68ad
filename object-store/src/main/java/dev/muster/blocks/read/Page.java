package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/// One page of a column: its levels and its values, decompressed. Owns its arrays.
final class Page {
    private final Header header;
    private final byte[] repetitionLevels;
    private final byte[] definitionLevels;
    private final byte[] values;
    private final int end;

    private Page(
            Header header,
            byte[] repetitionLevels,
            byte[] definitionLevels,
            byte[] values,
            int end) {
        this.header = header;
        this.repetitionLevels = repetitionLevels;
        this.definitionLevels = definitionLevels;
        this.values = values;
        this.end = end;
    }

    /// What is needed of the header of a dictionary or of a data page of version 2.
    private record Header(
            boolean dictionary,
            int values,
            int nulls,
            Encoding encoding,
            int repetitionBytes,
            int definitionBytes,
            boolean compressed) {
        static Header of(PageHeader header) throws DamagedBlockException {
            if (header.getType() == PageType.DICTIONARY_PAGE) {
                DictionaryPageHeader page =
                        required(header.getDictionary_page_header(), "dictionary header");
                Encoding encoding = required(page.getEncoding(), "encoding");
                return new Header(true, page.getNum_values(), 0, encoding, 0, 0, true);
            }
            DataPageHeaderV2 page = required(header.getData_page_header_v2(), "page header 2");
            return new Header(
                    false,
                    page.getNum_values(),
                    page.getNum_nulls(),
                    required(page.getEncoding(), "encoding"),
                    page.getRepetition_levels_byte_length(),
                    page.getDefinition_levels_byte_length(),
                    page.isIs_compressed());
        }
    }

    /// Reads the page that starts at `offset`.
    ///
    /// @param most bytes a page may have decompressed: a damaged header must not take all memory
    static Page read(byte[] bytes, int offset, CompressionCodec codec, long most)
            throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, offset, bytes.length - offset);
        PageHeader raw = Util.readPageHeader(in);
        int start = bytes.length - in.available();
        int size = raw.getCompressed_page_size();
        if (size < 0 || size > bytes.length - start) {
            throw new DamagedBlockException("page: must fit: sizeBytes=" + size);
        }
        checkSum(raw, bytes, start, size);
        Header header = Header.of(raw);
        int repetition = header.repetitionBytes();
        int definition = header.definitionBytes();
        if (repetition < 0 || definition < 0 || repetition + (long) definition > size) {
            throw new DamagedBlockException("page: levels must fit: sizeBytes=" + size);
        }
        int levels = repetition + definition;
        long plain = (long) raw.getUncompressed_page_size() - levels;
        if (plain < 0 || plain > most) {
            throw new DamagedBlockException("page: must have a likely size: plainBytes=" + plain);
        }
        boolean compressed = codec == CompressionCodec.ZSTD && header.compressed();
        return new Page(
                header,
                slice(bytes, start, repetition),
                slice(bytes, start + repetition, definition),
                compressed
                        ? decompressed(bytes, start + levels, size - levels, (int) plain)
                        : plain(bytes, start + levels, size - levels, (int) plain),
                start + size);
    }

    private static void checkSum(PageHeader header, byte[] bytes, int start, int size)
            throws DamagedBlockException {
        CRC32 crc = new CRC32();
        crc.update(bytes, start, size);
        if (!header.isSetCrc() || header.getCrc() != (int) crc.getValue()) {
            throw new DamagedBlockException(
                    "page: checksum must match: expected=%s, actual=%08x"
                            .formatted(
                                    header.isSetCrc() ? "%08x".formatted(header.getCrc()) : "none",
                                    (int) crc.getValue()));
        }
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static byte[] plain(byte[] bytes, int offset, int length, int plain)
            throws DamagedBlockException {
        if (length != plain) {
            throw new DamagedBlockException(
                    "page: must have its size: expected=%d, actual=%d".formatted(plain, length));
        }
        return slice(bytes, offset, length);
    }

    private static byte[] decompressed(byte[] bytes, int offset, int length, int plain)
            throws DamagedBlockException {
        byte[] out = new byte[plain];
        if (plain == 0) {
            return out;
        }
        long written = Zstd.decompressByteArray(out, 0, plain, bytes, offset, length);
        if (Zstd.isError(written) || written != plain) {
            throw new DamagedBlockException(
                    "page: must decompress: expected=%d, found=%s"
                            .formatted(
                                    plain,
                                    Zstd.isError(written) ? Zstd.getErrorName(written) : written));
        }
        return out;
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

    byte[] values() {
        return values;
    }

    /// Where the next page starts.
    int end() {
        return end;
    }
}
