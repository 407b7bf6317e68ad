package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.model.labels.Labels;
import java.util.Arrays;

/// Reads the labels back from a remembered key. The slow path: it allocates.
final class KeyLabels {
    private static final byte[] VALUE = {' ', '0', '\n'};

    private final ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);

    Labels of(byte[] key) {
        byte[] line = Arrays.copyOf(key, key.length + VALUE.length);
        System.arraycopy(VALUE, 0, line, key.length, VALUE.length);
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, line, line.length);
        try {
            if (!parser.next()) {
                throw new IllegalStateException("key must hold a series: bytes=" + key.length);
            }
            return parser.labels();
        } catch (ExpositionException e) {
            throw new IllegalStateException("a key that was read once must stay readable", e);
        }
    }
}
