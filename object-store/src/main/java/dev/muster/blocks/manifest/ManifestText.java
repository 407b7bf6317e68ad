package dev.muster.blocks.manifest;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.schema.PercentText;
import dev.muster.model.time.TimeRange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A manifest as text. Drawn in docs/format/block-manifest.md.
final class ManifestText {
    private static final String FORMAT = "muster-blocks 1";
    private static final String CRC = "crc32c ";

    /// Which field of a merged block says where its metrics lie. Readers of before leave out what
    /// follows the fields that they know.
    private static final int METRICS = 7;

    private ManifestText() {}

    static byte[] encode(DayManifest manifest) {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        text.append("cell ").append(PercentText.escaped(manifest.cell())).append('\n');
        text.append("date ").append(manifest.date()).append('\n');
        text.append("version ").append(manifest.version()).append('\n');
        for (MergedBlock block : manifest.merged()) {
            text.append("merged ").append(block.id().seriesKey());
            append(text, block.series());
            append(text, block.samples());
            if (!block.metrics().equals(MetricPlaces.NONE)) {
                text.append(' ').append(block.metrics().text());
            }
            text.append('\n');
            for (AgentSpan span : block.agents()) {
                text.append("agent ").append(PercentText.escaped(span.host())).append(' ');
                text.append(span.range().startMs()).append(' ').append(span.range().endMs());
                text.append('\n');
            }
        }
        for (ReplacedBlock block : manifest.replaced()) {
            text.append("replaced ").append(block.id().seriesKey()).append(' ');
            text.append(PercentText.escaped(block.seriesEtag())).append(' ');
            text.append(PercentText.escaped(block.samplesEtag())).append(' ');
            text.append(block.sinceMs()).append('\n');
        }
        String crc = crc(text.toString());
        text.append(CRC).append(crc).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, ObjectInfo object) {
        text.append(' ').append(object.sizeBytes()).append(' ');
        text.append(PercentText.escaped(object.etag())).append(' ');
        text.append(object.lastModified().toEpochMilli());
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted((int) crc.getValue());
    }

    /// @throws IllegalArgumentException if it is no manifest
    static DayManifest decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.substring(end).equals(CRC + crc(text.substring(0, end)) + "\n")) {
            throw new IllegalArgumentException(
                    "manifest: checksum must match: sizeBytes=" + bytes.length);
        }
        try {
            return new Parser(text.substring(0, end).split("\n", -1)).manifest();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("manifest: must be readable: found=" + e, e);
        }
    }

    private static final class Parser {
        private final String[] lines;
        private int next;

        Parser(String[] lines) {
            this.lines = lines;
        }

        DayManifest manifest() {
            if (!lines[next++].equals(FORMAT)) {
                throw new IllegalArgumentException("format must be known: found=" + lines[0]);
            }
            String cell = PercentText.unescaped(value("cell"));
            LocalDate date = LocalDate.parse(value("date"));
            long version = Long.parseLong(value("version"));
            List<MergedBlock> merged = new ArrayList<>();
            while (lines[next].startsWith("merged ")) {
                merged.add(merged(value("merged").split(" ", -1)));
            }
            List<ReplacedBlock> replaced = new ArrayList<>();
            while (lines[next].startsWith("replaced ")) {
                replaced.add(replaced(value("replaced").split(" ", -1)));
            }
            if (next != lines.length - 1) {
                throw new IllegalArgumentException("line must be known: found=" + lines[next]);
            }
            return new DayManifest(cell, date, version, merged, replaced);
        }

        private String value(String name) {
            String line = lines[next++];
            if (!line.startsWith(name + " ")) {
                throw new IllegalArgumentException(
                        "line must begin with " + name + ": found=" + line);
            }
            return line.substring(name.length() + 1);
        }

        private static BlockId id(String key) {
            return BlockId.ofKey(key)
                    .orElseThrow(() ->
                            new IllegalArgumentException("key must be of a block: found=" + key));
        }

        private MergedBlock merged(String[] fields) {
            BlockId id = id(fields[0]);
            List<AgentSpan> agents = new ArrayList<>();
            while (lines[next].startsWith("agent ")) {
                String[] agent = value("agent").split(" ", -1);
                agents.add(
                        new AgentSpan(
                                PercentText.unescaped(agent[0]),
                                new TimeRange(Long.parseLong(agent[1]), Long.parseLong(agent[2]))));
            }
            return new MergedBlock(
                    id,
                    object(id.seriesKey(), fields, 1),
                    object(id.samplesKey(), fields, 4),
                    agents,
                    fields.length > METRICS
                            ? MetricPlaces.parse(fields[METRICS])
                            : MetricPlaces.NONE);
        }

        private static ObjectInfo object(String key, String[] fields, int from) {
            return new ObjectInfo(
                    key,
                    Long.parseLong(fields[from]),
                    PercentText.unescaped(fields[from + 1]),
                    Instant.ofEpochMilli(Long.parseLong(fields[from + 2])));
        }

        private static ReplacedBlock replaced(String[] fields) {
            return new ReplacedBlock(
                    id(fields[0]),
                    PercentText.unescaped(fields[1]),
                    PercentText.unescaped(fields[2]),
                    Long.parseLong(fields[3]));
        }
    }
}
