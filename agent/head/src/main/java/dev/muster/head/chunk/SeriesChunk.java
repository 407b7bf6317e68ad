package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes and reads the body of a chunk of series that are not in memory any more: their labels,
/// and where in the same file their samples lie. Drawn in `docs/format/wal.md`.
public final class SeriesChunk {
    /// What is done with a series.
    @FunctionalInterface
    public interface Target {
        /// @param fromBytes its samples are in the slot of chunks from there on, up to this chunk
        void accept(int slot, long fromBytes, Labels labels, MetricMetadata metadata);
    }

    private final Map<String, Integer> symbols = new HashMap<>();
    private final ByteWriter texts = new ByteWriter(1024);
    private final ByteWriter series = new ByteWriter(1024);
    private int count;

    public int count() {
        return count;
    }

    public void add(int slot, long fromBytes, Labels labels, MetricMetadata metadata) {
        series.varint(slot);
        series.varint(fromBytes);
        symbol(metadata.type().text());
        symbol(metadata.unit());
        symbol(metadata.help());
        series.varint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            symbol(labels.name(i));
            symbol(labels.value(i));
        }
        count++;
    }

    private void symbol(String text) {
        Integer known = symbols.get(text);
        if (known == null) {
            known = symbols.size();
            symbols.put(text, known);
            texts.text(text);
        }
        series.varint(known);
    }

    /// Writes the body.
    public void write(int origin, long firstMs, long lastMs, ByteWriter into) {
        ChunkHeader.write(into, ChunkKind.SERIES, false, 0, count, origin, firstMs, lastMs);
        into.varint(symbols.size());
        into.bytes(texts.array(), 0, texts.size());
        into.bytes(series.array(), 0, series.size());
    }

    /// Hands out the series for which all matchers hold.
    public static void read(SealedChunk chunk, List<LabelMatcher> matchers, Target target)
            throws IOException {
        byte[] body = chunk.body();
        ByteReader from = new ByteReader(body, 0, body.length);
        try {
            from.skip(ChunkHeader.ENTRIES_AT);
            int count = from.u32();
            from.skip(ChunkHeader.BYTES - ChunkHeader.ENTRIES_AT - 4);
            String[] texts = new String[from.count()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = from.text();
            }
            for (int i = 0; i < count; i++) {
                read(from, texts, matchers, target);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(chunk.where() + ": must be readable: " + e.getMessage(), e);
        }
    }

    private static void read(
            ByteReader from, String[] texts, List<LabelMatcher> matchers, Target target) {
        int slot = from.count();
        long fromBytes = from.varint();
        String type = texts[from.count()];
        String unit = texts[from.count()];
        String help = texts[from.count()];
        String[] pairs = new String[Math.multiplyExact(2, from.count())];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = texts[from.count()];
        }
        for (LabelMatcher matcher : matchers) {
            if (!matcher.matches(value(pairs, matcher.name()))) {
                return;
            }
        }
        MetricMetadata metadata = new MetricMetadata(MetricType.of(type), unit, help);
        target.accept(slot, fromBytes, Labels.of(pairs), metadata);
    }

    private static String value(String[] pairs, String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return "";
    }
}
