package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionFormat;

/// What a scrape brought. The array stays its owner's: it is read until the append returns.
public final class ScrapeBody {
    private final ExpositionFormat format;
    private final byte[] bytes;
    private final int length;

    /// @param length how many bytes of the array are the body
    public ScrapeBody(ExpositionFormat format, byte[] bytes, int length) {
        if (length < 0 || length > bytes.length) {
            throw new IllegalArgumentException(
                    "body length must be within the array: length="
                            + length
                            + ", array="
                            + bytes.length);
        }
        this.format = format;
        this.bytes = bytes;
        this.length = length;
    }

    ExpositionFormat format() {
        return format;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
