package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.schema.PercentText;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// What a catalog knew, kept on a local disk, so that a start need not list the whole history.
public final class CatalogFile {
    /*
     * Lines of fields with a tab between them: the name of the format and the bucket; for each day its date and counts,
     * then its blocks, merged ones with the time of their agents, three fields each, and where their metrics lie, if that is known;
     * at the end the checksum of all before it. It is replaced as a whole.
     */
    private static final String FORMAT = "muster-catalog-2";

    private final Path file;
    private final String bucket;

    /// @param file created when there is something to keep
    /// @param bucket the bucket in words: what was kept of another is not used
    public CatalogFile(Path file, String bucket) {
        this.file = file;
        this.bucket = bucket;
    }

    /// What was kept last; nothing if there is none, or it is of another bucket.
    ///
    /// @throws IOException if it is damaged
    TreeMap<LocalDate, DayListing> read() throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("catalog file: must be readable: found=" + e, e);
        }
    }

    private TreeMap<LocalDate, DayListing> parse(String text) throws IOException {
        int end = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.substring(end).equals(checksum(text.substring(0, end)))) {
            throw new IOException("catalog file: checksum must match: chars=" + text.length());
        }
        String[] lines = text.substring(0, end).split("\n", -1);
        TreeMap<LocalDate, DayListing> days = new TreeMap<>();
        if (!lines[0].equals(FORMAT + "\t" + bucket)) {
            return days;
        }
        for (int i = 1; i < lines.length - 1; ) {
            String[] day = lines[i].split("\t", -1);
            int count = Integer.parseInt(day[1]);
            List<BlockEntry> entries = new ArrayList<>(count);
            for (String line : List.of(lines).subList(i + 1, i + 1 + count)) {
                entries.add(entry(line.split("\t", -1)));
            }
            days.put(
                    LocalDate.parse(day[0]),
                    new DayListing(
                            entries,
                            Integer.parseInt(day[2]),
                            Integer.parseInt(day[3]),
                            Long.parseLong(day[4])));
            i += 1 + count;
        }
        return days;
    }

    private static BlockEntry entry(String[] fields) throws IOException {
        BlockId id =
                BlockId.ofKey(fields[0])
                        .orElseThrow(() -> new IOException("key must be of a block: " + fields[0]));
        List<AgentSpan> agents = new ArrayList<>();
        for (int i = 7; i + 2 < fields.length; i += 3) {
            agents.add(
                    new AgentSpan(
                            PercentText.unescaped(fields[i]),
                            new TimeRange(
                                    Long.parseLong(fields[i + 1]), Long.parseLong(fields[i + 2]))));
        }
        MetricPlaces metrics =
                (fields.length - 7) % 3 == 1
                        ? MetricPlaces.parse(fields[fields.length - 1])
                        : MetricPlaces.NONE;
        ObjectInfo series = object(fields[0], fields, 1);
        ObjectInfo samples = object(id.samplesKey(), fields, 4);
        return id.isMerged()
                ? new BlockEntry(id, series, samples, agents, metrics)
                : new BlockEntry(id, series, samples);
    }

    private static ObjectInfo object(String key, String[] fields, int from) {
        return new ObjectInfo(
                key,
                Long.parseLong(fields[from]),
                fields[from + 1],
                Instant.ofEpochMilli(Long.parseLong(fields[from + 2])));
    }

    /// Keeps what a catalog knows.
    ///
    /// @throws IOException if the disk does not take it; what was kept before may still be there
    void write(TreeMap<LocalDate, DayListing> days) throws IOException {
        StringBuilder text = new StringBuilder(FORMAT).append('\t').append(bucket).append('\n');
        for (Map.Entry<LocalDate, DayListing> day : days.entrySet()) {
            DayListing listing = day.getValue();
            text.append(day.getKey()).append('\t').append(listing.entries().size());
            text.append('\t').append(listing.halfBlocks()).append('\t');
            text.append(listing.unknownNames()).append('\t').append(listing.histBytes());
            text.append('\n');
            for (BlockEntry entry : listing.entries()) {
                text.append(entry.series().key());
                append(text, entry.series());
                append(text, entry.samples());
                if (entry.id().isMerged()) {
                    append(text, entry.agents());
                    if (!entry.metrics().equals(MetricPlaces.NONE)) {
                        text.append('\t').append(entry.metrics().text());
                    }
                }
                text.append('\n');
            }
        }
        text.append(checksum(text.toString()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void append(StringBuilder text, ObjectInfo object) {
        text.append('\t').append(object.sizeBytes()).append('\t').append(object.etag());
        text.append('\t').append(object.lastModified().toEpochMilli());
    }

    private static void append(StringBuilder text, List<AgentSpan> agents) {
        for (AgentSpan agent : agents) {
            text.append('\t').append(PercentText.escaped(agent.host()));
            text.append('\t').append(agent.range().startMs());
            text.append('\t').append(agent.range().endMs());
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "crc32c %08x\n".formatted((int) crc.getValue());
    }
}
