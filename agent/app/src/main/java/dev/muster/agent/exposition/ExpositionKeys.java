package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads labels back from keys of samples, long after their bodies are gone. Confined to one
/// thread.
public final class ExpositionKeys {
    private static final byte[] VALUE = {' ', '0', '\n'};

    /// Stands before each text of the key of a converted histogram, and before all of them.
    private static final byte CONVERTED = (byte) 0xfe;

    private final ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);

    /// The labels of a key that a [ScrapeParser] gave, whatever the format. Slow: it allocates.
    ///
    /// @throws IllegalArgumentException if the bytes are no key
    public Labels labels(byte[] key) {
        try {
            if (key.length > 1 && key[0] == CONVERTED) {
                return ofConverted(key);
            }
            return ProtobufKey.isOne(key) ? ProtobufKey.labels(key) : ofText(key);
        } catch (ExpositionException e) {
            throw new IllegalArgumentException("bytes must be a key: size=" + key.length, e);
        }
    }

    private static Labels ofConverted(byte[] key) {
        List<String> texts = new ArrayList<>();
        for (int from = 2, at = 2; at <= key.length; at++) {
            if (at == key.length || key[at] == CONVERTED) {
                String text = new String(key, from, at - from, StandardCharsets.UTF_8);
                texts.add(LabelDecoder.unescape(text, true));
                from = at + 1;
            }
        }
        Labels.Builder labels = Labels.builder().set(Labels.METRIC, texts.getFirst());
        for (int i = 1; i + 1 < texts.size(); i += 2) {
            labels.set(texts.get(i), texts.get(i + 1));
        }
        return labels.build();
    }

    private Labels ofText(byte[] key) throws ExpositionException {
        byte[] line = Arrays.copyOf(key, key.length + VALUE.length);
        System.arraycopy(VALUE, 0, line, key.length, VALUE.length);
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, line, line.length);
        if (!parser.next()) {
            throw new IllegalArgumentException("bytes must be a key: size=" + key.length);
        }
        return parser.labels();
    }
}
