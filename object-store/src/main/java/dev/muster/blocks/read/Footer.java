package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// The footer of a Parquet file, as far as it is needed here.
///
/// @param rows of all row groups
/// @param pairs what the writer said beside what Parquet wants to know
record Footer(long rows, List<Group> groups, Map<String, String> pairs) {
    /*
     * Numbers of fields are those of parquet.thrift [1].
     *
     * [1] https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
     */
    Footer {
        groups = List.copyOf(groups);
        pairs = Map.copyOf(pairs);
    }

    /// @param columns by their paths, with dots
    record Group(long rows, Map<String, Column> columns) {
        Group {
            columns = Map.copyOf(columns);
        }

        /// @throws DamagedBlockException if it is not there
        Column column(String path) throws DamagedBlockException {
            return DamagedBlockException.required(columns.get(path), path);
        }
    }

    /// The part of a column in one row group.
    ///
    /// @param encoding of its values, beside those of levels and dictionary; null if it is not
    ///   known
    /// @param values how many, NULL among them
    /// @param sizeBytes of its pages, compressed
    /// @param dictionaryOffset -1 where there is none
    /// @param indexOffset where its offset index lies
    record Column(
            @Nullable CompressionCodec codec,
            @Nullable Encoding encoding,
            long values,
            long sizeBytes,
            long dataOffset,
            long dictionaryOffset,
            long indexOffset,
            int indexBytes) {
        /// Where the first page lies, which may be a dictionary.
        long start() {
            return dictionaryOffset < 0 ? dataOffset : Math.min(dictionaryOffset, dataOffset);
        }
    }

    /// The footer at the end of `bytes`, whose checksum the caller has seen to.
    ///
    /// @param bytes the last bytes of a Parquet file, with all of the footer
    /// @throws IOException if it is not sound
    static Footer of(byte[] bytes) throws IOException {
        int start = SeriesFile.footerOffset(bytes, bytes.length);
        try {
            return footer(new CompactStruct(bytes, start));
        } catch (RuntimeException e) {
            throw new DamagedBlockException("parquet file: footer must be readable: " + e, e);
        }
    }

    private static Footer footer(CompactStruct from) {
        long rows = 0;
        List<Group> groups = new ArrayList<>();
        Map<String, String> pairs = new HashMap<>();
        for (int field = from.field(0); field != 0; field = from.field(field)) {
            switch (field) {
                case 3 -> rows = from.number();
                case 4 -> {
                    for (int left = from.list(); left > 0; left--) {
                        groups.add(group(from));
                    }
                }
                case 5 -> {
                    for (int left = from.list(); left > 0; left--) {
                        pair(from, pairs);
                    }
                }
                default -> from.skip();
            }
        }
        return new Footer(rows, groups, pairs);
    }

    private static void pair(CompactStruct from, Map<String, String> into) {
        String key = "";
        String value = "";
        for (int field = from.field(0); field != 0; field = from.field(field)) {
            switch (field) {
                case 1 -> key = from.text();
                case 2 -> value = from.text();
                default -> from.skip();
            }
        }
        into.put(key, value);
    }

    private static Group group(CompactStruct from) {
        long rows = 0;
        Map<String, Column> columns = new HashMap<>();
        for (int field = from.field(0); field != 0; field = from.field(field)) {
            switch (field) {
                case 1 -> {
                    for (int left = from.list(); left > 0; left--) {
                        new ColumnReader(from).read(columns);
                    }
                }
                case 3 -> rows = from.number();
                default -> from.skip();
            }
        }
        return new Group(rows, columns);
    }

    /// Reads the part of one column.
    private static final class ColumnReader {
        private final CompactStruct from;
        private String path = "";
        private @Nullable CompressionCodec codec;
        private @Nullable Encoding encoding;
        private long values;
        private long sizeBytes;
        private long dataOffset;
        private long dictionaryOffset = -1;
        private long indexOffset;
        private int indexBytes;

        ColumnReader(CompactStruct from) {
            this.from = from;
        }

        void read(Map<String, Column> into) {
            for (int field = from.field(0); field != 0; field = from.field(field)) {
                switch (field) {
                    case 3 -> metadata();
                    case 4 -> indexOffset = from.number();
                    case 5 -> indexBytes = from.int32();
                    default -> from.skip();
                }
            }
            into.put(
                    path,
                    new Column(
                            codec,
                            encoding,
                            values,
                            sizeBytes,
                            dataOffset,
                            dictionaryOffset,
                            indexOffset,
                            indexBytes));
        }

        private void metadata() {
            for (int field = from.field(0); field != 0; field = from.field(field)) {
                switch (field) {
                    case 2 -> encodings();
                    case 3 -> path();
                    case 4 -> codec = CompressionCodec.findByValue(from.int32());
                    case 5 -> values = from.number();
                    case 7 -> sizeBytes = from.number();
                    case 9 -> dataOffset = from.number();
                    case 11 -> dictionaryOffset = from.number();
                    default -> from.skip();
                }
            }
        }

        private void encodings() {
            for (int left = from.list(); left > 0; left--) {
                Encoding found = Encoding.findByValue(from.int32());
                boolean first = encoding == null;
                if (found == Encoding.RLE_DICTIONARY
                        || (first
                                && (found == Encoding.PLAIN
                                        || found == Encoding.BYTE_STREAM_SPLIT
                                        || found == Encoding.DELTA_BINARY_PACKED))) {
                    encoding = found;
                }
            }
        }

        private void path() {
            StringBuilder all = new StringBuilder();
            for (int left = from.list(); left > 0; left--) {
                all.append(all.isEmpty() ? "" : ".").append(from.text());
            }
            path = all.toString();
        }
    }
}
