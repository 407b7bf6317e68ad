package dev.muster.blocks.schema;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import dev.muster.model.labels.Xxh3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Where the times and values of each metric lie in a file of samples, roughly: enough to ask for
/// them before it is known which series the block has. It is a hint: what it says is not trusted.
/// Immutable; owns its array.
public final class MetricPlaces {
    /*
     * For each metric the low 32 bits of XXH3-64 of its name, how many ranges it has, and of each what lies between it and
     * the range before (varint, zigzag), and its length (varint). Two metrics of one hash have the ranges of both.
     */

    /// Nothing is known.
    public static final MetricPlaces NONE = new MetricPlaces(new byte[] {});

    /// A block with more metrics than this takes says nothing: the text is in memory as long as the
    /// block is known.
    private static final int MOST_BYTES = 32 << 10;

    /// Begins the text, so that others can come.
    private static final String FORM = "1:";

    private final byte[] bytes;

    private MetricPlaces(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Bytes of the file.
    public record Range(long offset, int sizeBytes) {
        public Range {
            if (offset < 0 || sizeBytes <= 0) {
                throw new IllegalArgumentException(
                        "range: must lie in a file: offset=%d, sizeBytes=%d"
                                .formatted(offset, sizeBytes));
            }
        }

        public long end() {
            return offset + sizeBytes;
        }
    }

    /// Collects metrics.
    public static final class Builder {
        private final ByteSink into = new ByteSink();
        private long end;

        public void add(String metric, List<Range> ranges) {
            into.writeInt(hash(metric));
            into.writeVarint(ranges.size());
            for (Range range : ranges) {
                into.writeZigzag(range.offset - end);
                into.writeVarint(range.sizeBytes);
                end = range.end();
            }
        }

        public MetricPlaces build() {
            return into.size() == 0 || into.size() > MOST_BYTES
                    ? NONE
                    : new MetricPlaces(into.toByteArray());
        }
    }

    private static int hash(String metric) {
        byte[] name = metric.getBytes(StandardCharsets.UTF_8);
        return (int) Xxh3.hash(name, name.length);
    }

    /// The ranges of a metric; none where nothing is known.
    public List<Range> of(String metric) {
        int wanted = hash(metric);
        List<Range> found = new ArrayList<>();
        ByteSource from = new ByteSource(bytes, 0, bytes.length);
        long end = 0;
        try {
            while (!from.exhausted()) {
                boolean wants = from.readInt() == wanted;
                for (int left = from.readCount("ranges", bytes.length); left > 0; left--) {
                    long offset = end + from.readZigzag();
                    Range range =
                            new Range(offset, from.readCount("range bytes", Integer.MAX_VALUE));
                    end = range.end();
                    if (wants) {
                        found.add(range);
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return List.of(); // a hint, which may be of somebody else
        }
        return found;
    }

    /// As it stands in a manifest; empty where nothing is known.
    public String text() {
        return bytes.length == 0
                ? ""
                : FORM + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// What [#text] gave; nothing where it is not understood.
    public static MetricPlaces parse(String text) {
        if (!text.startsWith(FORM)) {
            return NONE;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.substring(FORM.length()));
            return bytes.length == 0 || bytes.length > MOST_BYTES ? NONE : new MetricPlaces(bytes);
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetricPlaces places && Arrays.equals(bytes, places.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
