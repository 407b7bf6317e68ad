package dev.muster.agent.takeover;

import dev.muster.model.labels.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fields of a manifest: numbers of variable length, and texts by their place in a table. Confined
/// to one thread.
final class ManifestWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
    private final Map<String, Integer> texts = new LinkedHashMap<>();

    /// A number of at least 0, seven bits a byte, the least first.
    ManifestWriter number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("number must not be negative: value=" + value);
        }
        write(out, value);
        return this;
    }

    private static void write(ByteArrayOutputStream to, long value) {
        long left = value;
        while (left > 0x7F) {
            to.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        to.write((int) left);
    }

    ManifestWriter fixed32(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
        return this;
    }

    ManifestWriter fixed64(long value) {
        return fixed32((int) (value >>> 32)).fixed32((int) value);
    }

    /// Up to eight flags, the first in the lowest bit.
    ManifestWriter flags(boolean... flags) {
        int bits = 0;
        for (int i = 0; i < flags.length; i++) {
            bits |= flags[i] ? (1 << i) : 0;
        }
        out.write(bits);
        return this;
    }

    ManifestWriter text(String value) {
        return number(texts.computeIfAbsent(value, _ -> texts.size()));
    }

    ManifestWriter texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    ManifestWriter labels(Labels labels) {
        number(labels.size());
        labels.forEach((name, value) -> text(name).text(value));
        return this;
    }

    /// The table of texts, then the fields.
    byte[] finish() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(out.size() + 32 * texts.size());
        write(all, texts.size());
        for (String text : texts.keySet()) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            write(all, utf8.length);
            all.writeBytes(utf8);
        }
        all.writeBytes(out.toByteArray());
        return all.toByteArray();
    }
}
