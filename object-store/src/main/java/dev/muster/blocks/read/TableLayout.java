package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.HistColumns;
import dev.muster.blocks.schema.PageEncodings;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Where the pages of a file with samples or histograms are: of the columns that a reader needs.
/// Immutable.
final class TableLayout {
    private static final int BYTES_PER_PAGE = 48;

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
            Footer footer = Footer.of(tail);
            Map<String, PageList> columns = new LinkedHashMap<>();
            for (String name : kind.columns) {
                columns.put(name, pages(footer, tail, file.tailOffset(), name));
            }
            if (kind == Kind.SAMPLES && has(footer, SamplesColumns.START_TIME)) {
                String name = SamplesColumns.START_TIME;
                columns.put(name, pages(footer, tail, file.tailOffset(), name));
            }
            String encodings = footer.pairs().get(PageEncodings.VALUES);
            if (kind == Kind.SAMPLES && encodings != null) {
                columns.computeIfPresent(
                        SamplesColumns.VALUE, (_, pages) -> pages.encodedAs(encodings));
            }
            return new TableLayout(columns);
        } catch (RuntimeException e) {
            throw new DamagedBlockException(kind.text + ": must be readable: found=" + e, e);
        }
    }

    /// Says what the checksum of some bytes of the file is.
    @FunctionalInterface
    interface Check {
        int of(long offset, int length) throws IOException;
    }

    /// The same places, with the checksum of each page.
    TableLayout checkedBy(Check check) throws IOException {
        Map<String, PageList> checked = new LinkedHashMap<>();
        for (Map.Entry<String, PageList> column : columns.entrySet()) {
            PageList pages = column.getValue();
            int[] checks = new int[pages.size()];
            for (int page = 0; page < checks.length; page++) {
                checks[page] = check.of(pages.offset(page), pages.sizeBytes(page));
            }
            checked.put(column.getKey(), pages.checkedBy(checks));
        }
        return new TableLayout(checked);
    }

    /// As it is kept on a local disk, and in the footer of a series file: the number of columns,
    /// then of each its name and its pages. The disk cache has its checksum.
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
        Map<String, PageList> columns = new LinkedHashMap<>();
        for (int i = from.readCount("columns", bytes.length); i > 0; i--) {
            columns.put(from.readString(), PageList.read(from));
        }
        return new TableLayout(columns);
    }

    private static boolean has(Footer footer, String name) {
        return footer.groups().stream().allMatch(group -> group.columns().containsKey(name));
    }

    private static PageList pages(Footer footer, byte[] tail, long tailOffset, String name)
            throws IOException {
        PageList.Builder pages = new PageList.Builder();
        for (Footer.Group group : footer.groups()) {
            Footer.Column column = group.column(name);
            int start = Math.toIntExact(column.indexOffset() - tailOffset);
            pages.group(
                    PageLocation.list(new CompactStruct(tail, start)),
                    group.rows(),
                    required(column.encoding(), "encoding"),
                    required(column.codec(), "codec"),
                    column.dictionaryOffset());
        }
        return pages.build();
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
        long pages = 0;
        for (PageList column : columns.values()) {
            pages += column.size();
        }
        return 512 + 256L * columns.size() + BYTES_PER_PAGE * pages;
    }
}
