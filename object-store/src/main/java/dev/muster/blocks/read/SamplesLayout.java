package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/// Where the pages of times and values of a samples file are. Immutable.
///
/// @param times pages of the times
/// @param values pages of the values
record SamplesLayout(PageList times, PageList values) {
    private static final int BYTES_PER_PAGE = 2 * 28;

    /// @param tail the samples file from its page indexes to its end
    /// @throws IOException if it is not what the series file says
    static SamplesLayout of(byte[] tail, BlockMetadata metadata) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(tail);
        if ((int) crc.getValue() != metadata.samplesTailCrc()) {
            throw new DamagedBlockException(
                    "samples file: page indexes and footer must be those the series file was made"
                            + " with: expected=%08x, actual=%08x"
                                    .formatted(metadata.samplesTailCrc(), (int) crc.getValue()));
        }
        try {
            FileMetaData footer = SeriesFile.footer(tail, tail.length);
            long offset = metadata.samplesTailOffset();
            return new SamplesLayout(
                    pages(footer, tail, offset, SamplesColumns.TIME),
                    pages(footer, tail, offset, SamplesColumns.VALUE));
        } catch (RuntimeException e) {
            throw new DamagedBlockException("samples file: must be readable: found=" + e, e);
        }
    }

    private static PageList pages(FileMetaData footer, byte[] tail, long tailOffset, String name)
            throws IOException {
        List<PageLocation> locations = new ArrayList<>();
        List<Long> firstRows = new ArrayList<>();
        List<Encoding> encodings = new ArrayList<>();
        CompressionCodec codec = CompressionCodec.ZSTD;
        long row = 0;
        for (RowGroup group : required(footer.getRow_groups(), "row groups")) {
            ColumnChunk chunk = column(group, name);
            codec = required(metadata(chunk).getCodec(), "codec");
            int start = Math.toIntExact(chunk.getOffset_index_offset() - tailOffset);
            Encoding encoding = encoding(chunk);
            OffsetIndex index =
                    Util.readOffsetIndex(
                            new ByteArrayInputStream(tail, start, chunk.getOffset_index_length()));
            for (PageLocation location : required(index.getPage_locations(), "pages")) {
                locations.add(location);
                firstRows.add(row + location.getFirst_row_index());
                encodings.add(encoding);
            }
            row += group.getNum_rows();
        }
        firstRows.add(row);
        return new PageList(
                locations.stream().mapToLong(PageLocation::getOffset).toArray(),
                locations.stream().mapToInt(PageLocation::getCompressed_page_size).toArray(),
                firstRows.stream().mapToLong(Long::longValue).toArray(),
                encodings.toArray(Encoding[]::new),
                codec);
    }

    /// The one encoding of the values of a chunk, beside that of its levels.
    private static Encoding encoding(ColumnChunk chunk) throws DamagedBlockException {
        List<Encoding> encodings = required(metadata(chunk).getEncodings(), "encodings");
        for (Encoding encoding : encodings) {
            if (encoding == Encoding.PLAIN
                    || encoding == Encoding.BYTE_STREAM_SPLIT
                    || encoding == Encoding.DELTA_BINARY_PACKED) {
                return encoding;
            }
        }
        throw new DamagedBlockException("samples file: encoding must be known: found=" + encodings);
    }

    private static ColumnChunk column(RowGroup group, String name) throws DamagedBlockException {
        for (ColumnChunk chunk : required(group.getColumns(), "columns")) {
            if (List.of(name).equals(metadata(chunk).getPath_in_schema())) {
                return chunk;
            }
        }
        throw new DamagedBlockException("samples file: must have the column: name=" + name);
    }

    private static ColumnMetaData metadata(ColumnChunk chunk) throws DamagedBlockException {
        return required(chunk.getMeta_data(), "column metadata");
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        return 512 + (long) BYTES_PER_PAGE * (times.size() + values.size());
    }
}
