package dev.muster.blocks.read;

import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.TableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Where the pages of a file of samples lie, and their checksums, as the footer of the series file
/// says it: who has read that needs neither footer nor page indexes of the other file.
public final class PagePlaces {
    private static final String SAMPLES = "block.samples.places";
    private static final String HIST = "block.hist.places";

    /// Begins the text, so that others can come; who does not know it asks the file itself.
    private static final String FORM = "1:";

    /// Pages of a metric with no more than this between them are asked for as one.
    private static final int GAP_BYTES = 128 << 10;

    /// What is larger is asked for in pieces, so that the first pages are decoded while others
    /// come.
    private static final int PIECE_BYTES = 2 << 20;

    private PagePlaces() {}

    /// Adds what is to be said of a file of samples.
    ///
    /// @param samples a whole file
    public static void addSamples(Map<String, String> pairs, Path samples, TableFile table)
            throws IOException {
        pairs.put(SAMPLES, text(TableLayout.Kind.SAMPLES, samples, table));
    }

    /// Adds what is to be said of a file of histograms.
    ///
    /// @param hist a whole file
    public static void addHist(Map<String, String> pairs, Path hist, TableFile table)
            throws IOException {
        pairs.put(HIST, text(TableLayout.Kind.HIST, hist, table));
    }

    /// Where the rows of a metric begin in a samples file; they end where those of the next do.
    public record MetricRows(String metric, long startRow) {}

    /// Where times and values of metrics lie, as pages that are near each other, in pieces of some
    /// megabytes.
    ///
    /// @param pairs with what [#addSamples] said
    /// @param metrics all of the file, in the order of their rows
    public static MetricPlaces ofMetrics(Map<String, String> pairs, List<MetricRows> metrics)
            throws IOException {
        TableLayout layout = find(TableLayout.Kind.SAMPLES, pairs);
        MetricPlaces.Builder places = new MetricPlaces.Builder();
        if (layout == null) {
            return places.build();
        }
        PageList times = layout.column(SamplesColumns.TIME);
        PageList values = layout.column(SamplesColumns.VALUE);
        for (int i = 0; i < metrics.size(); i++) {
            long start = metrics.get(i).startRow();
            long end = i + 1 < metrics.size() ? metrics.get(i + 1).startRow() : times.rows();
            if (start < end) {
                List<MetricPlaces.Range> pages = new ArrayList<>();
                add(times, start, end, pages);
                add(values, start, end, pages);
                places.add(metrics.get(i).metric(), joined(pages));
            }
        }
        return places.build();
    }

    private static void add(PageList pages, long start, long end, List<MetricPlaces.Range> into) {
        int last = pages.pageOf(end - 1);
        for (int page = pages.pageOf(start); page <= last; page++) {
            into.add(new MetricPlaces.Range(pages.offset(page), pages.sizeBytes(page)));
        }
    }

    private static List<MetricPlaces.Range> joined(List<MetricPlaces.Range> pages) {
        pages.sort(Comparator.comparingLong(MetricPlaces.Range::offset));
        List<MetricPlaces.Range> joined = new ArrayList<>();
        MetricPlaces.Range last = pages.getFirst();
        for (MetricPlaces.Range page : pages.subList(1, pages.size())) {
            long size = page.end() - last.offset();
            if (page.offset() - last.end() <= GAP_BYTES && size <= PIECE_BYTES) {
                last = new MetricPlaces.Range(last.offset(), (int) size);
            } else {
                joined.add(last);
                last = page;
            }
        }
        joined.add(last);
        return joined;
    }

    private static String text(TableLayout.Kind kind, Path path, TableFile table)
            throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            byte[] tail = read(file, table.tailOffset(), table.tailBytes());
            TableLayout layout =
                    TableLayout.of(kind, tail, table)
                            .checkedBy((offset, length) -> crc(read(file, offset, length)));
            return FORM + Base64.getEncoder().withoutPadding().encodeToString(layout.encode());
        }
    }

    private static int crc(byte[] page) {
        CRC32C crc = new CRC32C();
        crc.update(page);
        return (int) crc.getValue();
    }

    private static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException(
                        "file of samples must not end: offset=%d, sizeBytes=%d"
                                .formatted(offset, length));
            }
        }
        return buffer.array();
    }

    /// What the footer of a series file says; null where it says nothing that is understood, as in
    /// blocks of before.
    ///
    /// @throws IOException if it is not sound
    static @Nullable TableLayout find(TableLayout.Kind kind, Map<String, String> pairs)
            throws IOException {
        String text = pairs.get(kind == TableLayout.Kind.SAMPLES ? SAMPLES : HIST);
        if (text == null || !text.startsWith(FORM)) {
            return null;
        }
        try {
            return TableLayout.decode(Base64.getDecoder().decode(text.substring(FORM.length())));
        } catch (RuntimeException e) {
            throw new DamagedBlockException(
                    "series file: places of pages must be readable: found=" + e, e);
        }
    }
}
