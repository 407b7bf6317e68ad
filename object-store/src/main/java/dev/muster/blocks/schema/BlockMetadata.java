package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the footer of a series file says of its block, beside what Parquet wants to know.
///
/// @param id which block it is
/// @param seriesCount rows of the series file
/// @param samples the file of samples
/// @param hist the file of native histograms; null where the block has none
public record BlockMetadata(
        BlockId id, long seriesCount, TableFile samples, @Nullable TableFile hist) {
    private static final String FORMAT = "block.format";

    /// Without histograms.
    private static final String FORMAT_1 = "1";

    /// With histograms: readers of before refuse it, instead of leaving them out unsaid.
    private static final String FORMAT_2 = "2";

    private static final String LEVEL = "block.level";
    private static final String CELL = "block.cell";
    private static final String HOST = "block.host";
    private static final String BY = "block.by";
    private static final String START = "block.start_ms";
    private static final String END = "block.end_ms";
    private static final String SERIES = "block.series";
    private static final String SAMPLES = "block.samples";
    private static final String HIST = "block.hist";
    private static final String BYTES = ".bytes";
    private static final String TAIL_OFFSET = ".tail.offset";
    private static final String TAIL_CRC = ".tail.crc32c";

    public BlockMetadata {
        if (seriesCount < 0) {
            throw new IllegalArgumentException(
                    "block metadata: counts must fit: series=" + seriesCount);
        }
    }

    /// Samples of any kind, staleness markers among them.
    public long sampleCount() {
        return samples.rows() + (hist == null ? 0 : hist.rows());
    }

    /// What all files of a block say.
    public static Map<String, String> common(BlockId id, boolean hasHist) {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put(FORMAT, hasHist ? FORMAT_2 : FORMAT_1);
        pairs.put(LEVEL, id.level().name());
        pairs.put(CELL, id.cell());
        pairs.put(HOST, id.host());
        if (!id.isOwn()) {
            pairs.put(BY, id.by());
        }
        pairs.put(START, Long.toString(id.range().startMs()));
        pairs.put(END, Long.toString(id.range().endMs()));
        return pairs;
    }

    /// As pairs for the footer, in a fixed order.
    public Map<String, String> pairs() {
        Map<String, String> pairs = common(id, hist != null);
        pairs.put(SERIES, Long.toString(seriesCount));
        put(pairs, SAMPLES, samples);
        if (hist != null) {
            put(pairs, HIST, hist);
        }
        return pairs;
    }

    private static void put(Map<String, String> pairs, String key, TableFile file) {
        pairs.put(key, Long.toString(file.rows()));
        pairs.put(key + BYTES, Long.toString(file.sizeBytes()));
        pairs.put(key + TAIL_OFFSET, Long.toString(file.tailOffset()));
        pairs.put(key + TAIL_CRC, Integer.toHexString(file.tailCrc()));
    }

    /// @throws IllegalArgumentException if it is not of a block that this class knows
    public static BlockMetadata of(Map<String, String> pairs) {
        String format = text(pairs, FORMAT);
        if (!format.equals(FORMAT_1) && !format.equals(FORMAT_2)) {
            throw new IllegalArgumentException(
                    "block metadata: format must be 1 or 2: found=" + format);
        }
        return new BlockMetadata(
                new BlockId(
                        text(pairs, CELL),
                        text(pairs, HOST),
                        pairs.getOrDefault(BY, BlockId.OWN),
                        new TimeRange(number(pairs, START), number(pairs, END)),
                        BlockLevel.valueOf(text(pairs, LEVEL))),
                number(pairs, SERIES),
                file(pairs, SAMPLES),
                format.equals(FORMAT_2) ? file(pairs, HIST) : null);
    }

    private static TableFile file(Map<String, String> pairs, String key) {
        return new TableFile(
                number(pairs, key),
                number(pairs, key + BYTES),
                number(pairs, key + TAIL_OFFSET),
                Integer.parseUnsignedInt(text(pairs, key + TAIL_CRC), 16));
    }

    private static long number(Map<String, String> pairs, String key) {
        return Long.parseLong(text(pairs, key));
    }

    private static String text(Map<String, String> pairs, String key) {
        String value = pairs.get(key);
        if (value == null) {
            throw new IllegalArgumentException("block metadata: must be there: key=" + key);
        }
        return value;
    }
}
