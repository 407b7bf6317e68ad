package dev.muster.blocks.read;

import dev.muster.blocks.schema.TableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
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
