package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import java.util.Arrays;

/// Reads labels back from the key of a sample, long after its body is gone.
public final class ExpositionKey {
    private static final byte[] VALUE = {' ', '0', '\n'};

    private ExpositionKey() {}

    /// The labels of a key that a [ScrapeParser] gave, whatever the format. Slow: it allocates.
    ///
    /// @throws IllegalArgumentException if the bytes are no key
    public static Labels labels(byte[] key) {
        try {
            return ProtobufKey.isOne(key) ? ProtobufKey.labels(key) : ofText(key);
        } catch (ExpositionException e) {
            throw new IllegalArgumentException("bytes must be a key: size=" + key.length, e);
        }
    }

    private static Labels ofText(byte[] key) throws ExpositionException {
        byte[] line = Arrays.copyOf(key, key.length + VALUE.length);
        System.arraycopy(VALUE, 0, line, key.length, VALUE.length);
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, line, line.length);
        if (!parser.next()) {
            throw new IllegalArgumentException("bytes must be a key: size=" + key.length);
        }
        return parser.labels();
    }
}
