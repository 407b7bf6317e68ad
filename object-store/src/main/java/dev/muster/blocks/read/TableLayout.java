package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.HistColumns;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;

/// Where the pages of a file with samples or histograms are: of the columns that a reader needs.
/// Immutable.
final class TableLayout {
    private static final int BYTES_PER_PAGE = 44;

    /// The kinds of files, with the columns that every one has and is read for.
    enum Kind {
        SAMPLES("samples file", SamplesColumns.TIME, SamplesColumns.VALUE),
        HIST(
                "hist file",
                SamplesColumns.TIME,
                SamplesColumns.START_TIME,
                HistColumns.COUNT,
                HistColumns.SUM,
                HistColumns.SCHEMA_NUMBER,
                HistColumns.ZERO_THRESHOLD,
                HistColumns.ZERO_COUNT,
                HistColumns.POSITIVE_INDEX,
                HistColumns.POSITIVE_COUNT,
                HistColumns.NEGATIVE_INDEX,
                HistColumns.NEGATIVE_COUNT,
                HistColumns.CUSTOM,
                HistColumns.RESET_HINT);

        private final String text;
        private final List<String> columns;

        Kind(String text, String... columns) {
            this.text = text;
            this.columns = List.of(columns);
        }

        List<String> columns() {
            return columns;
        }
    }

    private final Map<String, PageList> columns;

    private TableLayout(Map<String, PageList> columns) {
        this.columns = columns;
    }

    /// @param tail the file from its page indexes to its end
    /// @throws IOException if it is not what the series file says
    static TableLayout of(Kind kind, byte[] tail, TableFile file) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(tail);
        if ((int) crc.getValue() != file.tailCrc()) {
            throw new DamagedBlockException(
                    "%s: page indexes and footer must be those the series file was made with: expected=%08x, actual=%08x"
                            .formatted(kind.text, file.tailCrc(), (int) crc.getValue()));
        }
        try {
            FileMetaData footer = SeriesFile.footer(tail, tail.length);
            Map<String, PageList> columns = new HashMap<>();
            for (String name : kind.columns) {
                columns.put(name, pages(footer, tail, file.tailOffset(), name));
            }
            if (kind == Kind.SAMPLES && has(footer, SamplesColumns.START_TIME)) {
                String name = SamplesColumns.START_TIME;
                columns.put(name, pages(footer, tail, file.tailOffset(), name));
            }
            return new TableLayout(columns);
        } catch (RuntimeException e) {
            throw new DamagedBlockException(kind.text + ": must be readable: found=" + e, e);
        }
    }

    /// As it is kept on a local disk: the number of columns, then of each its name and its pages.
    /// The disk cache has its checksum.
    byte[] encode() {
        ByteSink into = new ByteSink();
        into.writeVarint(columns.size());
        columns.forEach((name, pages) -> {
            into.writeString(name);
            pages.write(into);
        });
        return into.toByteArray();
    }

    /// What [#encode] gave.
    static TableLayout decode(byte[] bytes) throws IOException {
        ByteSource from = new ByteSource(bytes, 0, bytes.length);
        Map<String, PageList> columns = new HashMap<>();
        for (int i = from.readCount("columns", bytes.length); i > 0; i--) {
            columns.put(from.readString(), PageList.read(from));
        }
        return new TableLayout(columns);
    }

    private static boolean has(FileMetaData footer, String name) throws DamagedBlockException {
        for (RowGroup group : required(footer.getRow_groups(), "row groups")) {
            if (find(group, name) == null) {
                return false;
            }
        }
        return true;
    }

    private static PageList pages(FileMetaData footer, byte[] tail, long tailOffset, String name)
            throws IOException {
        PageList.Builder pages = new PageList.Builder();
        for (RowGroup group : required(footer.getRow_groups(), "row groups")) {
            ColumnChunk chunk = find(group, name);
            if (chunk == null) {
                throw new DamagedBlockException("file must have the column: name=" + name);
            }
            ColumnMetaData metadata = metadata(chunk);
            CompressionCodec codec = required(metadata.getCodec(), "codec");
            int start = Math.toIntExact(chunk.getOffset_index_offset() - tailOffset);
            OffsetIndex index =
                    Util.readOffsetIndex(
                            new ByteArrayInputStream(tail, start, chunk.getOffset_index_length()));
            List<PageLocation> locations = required(index.getPage_locations(), "pages");
            pages.group(
                    locations,
                    group.getNum_rows(),
                    encoding(metadata),
                    codec,
                    metadata.isSetDictionary_page_offset()
                            ? metadata.getDictionary_page_offset()
                            : -1);
        }
        return pages.build();
    }

    /// The one encoding of the values of a chunk, beside those of its levels and its dictionary.
    private static Encoding encoding(ColumnMetaData metadata) throws DamagedBlockException {
        List<Encoding> encodings = required(metadata.getEncodings(), "encodings");
        if (encodings.contains(Encoding.RLE_DICTIONARY)) {
            return Encoding.RLE_DICTIONARY;
        }
        for (Encoding encoding : encodings) {
            if (encoding == Encoding.PLAIN
                    || encoding == Encoding.BYTE_STREAM_SPLIT
                    || encoding == Encoding.DELTA_BINARY_PACKED) {
                return encoding;
            }
        }
        throw new DamagedBlockException("encoding must be known: found=" + encodings);
    }

    private static @Nullable ColumnChunk find(RowGroup group, String name)
            throws DamagedBlockException {
        for (ColumnChunk chunk : required(group.getColumns(), "columns")) {
            List<String> path = required(metadata(chunk).getPath_in_schema(), "path");
            if (name.equals(String.join(".", path))) {
                return chunk;
            }
        }
        return null;
    }

    private static ColumnMetaData metadata(ColumnChunk chunk) throws DamagedBlockException {
        return required(chunk.getMeta_data(), "column metadata");
    }

    /// The pages of a column of the kind of file.
    PageList column(String name) throws DamagedBlockException {
        return required(columns.get(name), name);
    }

    List<PageList> columns() {
        return new ArrayList<>(columns.values());
    }

    /// Memory it takes, roughly.
    long sizeBytes() {
        long pages = columns.values().stream().mapToLong(PageList::size).sum();
        return 512 + 256L * columns.size() + BYTES_PER_PAGE * pages;
    }
}
