package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the footer of a series file says of its block, beside what Parquet wants to know.
///
/// @param id which block it is
/// @param seriesCount rows of the series file
/// @param sampleCount rows of the samples file
/// @param samplesBytes length of the samples file
/// @param samplesTailOffset where in the samples file the page indexes begin, which are followed by
///   the footer
/// @param samplesTailCrc CRC-32C of the samples file from there to its end
public record BlockMetadata(
        BlockId id,
        long seriesCount,
        long sampleCount,
        long samplesBytes,
        long samplesTailOffset,
        int samplesTailCrc) {
    private static final String FORMAT = "block.format";
    private static final String FORMAT_1 = "1";
    private static final String LEVEL = "block.level";
    private static final String CELL = "block.cell";
    private static final String HOST = "block.host";
    private static final String START = "block.start_ms";
    private static final String END = "block.end_ms";
    private static final String SERIES = "block.series";
    private static final String SAMPLES = "block.samples";
    private static final String SAMPLES_BYTES = "block.samples.bytes";
    private static final String TAIL_OFFSET = "block.samples.tail.offset";
    private static final String TAIL_CRC = "block.samples.tail.crc32c";

    public BlockMetadata {
        if (seriesCount < 0
                || sampleCount < 0
                || samplesTailOffset < 0
                || samplesTailOffset > samplesBytes) {
            throw new IllegalArgumentException(
                    "block metadata: counts must fit: series=%d, samples=%d, tail=%d, bytes=%d"
                            .formatted(seriesCount, sampleCount, samplesTailOffset, samplesBytes));
        }
    }

    /// What both files of a block say.
    public static Map<String, String> common(BlockId id) {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put(FORMAT, FORMAT_1);
        pairs.put(LEVEL, id.level().name());
        pairs.put(CELL, id.cell());
        pairs.put(HOST, id.host());
        pairs.put(START, Long.toString(id.range().startMs()));
        pairs.put(END, Long.toString(id.range().endMs()));
        return pairs;
    }

    /// As pairs for the footer, in a fixed order.
    public Map<String, String> pairs() {
        Map<String, String> pairs = common(id);
        pairs.put(SERIES, Long.toString(seriesCount));
        pairs.put(SAMPLES, Long.toString(sampleCount));
        pairs.put(SAMPLES_BYTES, Long.toString(samplesBytes));
        pairs.put(TAIL_OFFSET, Long.toString(samplesTailOffset));
        pairs.put(TAIL_CRC, Integer.toHexString(samplesTailCrc));
        return pairs;
    }

    /// @throws IllegalArgumentException if it is not of a block that this class knows
    public static BlockMetadata of(Map<String, String> pairs) {
        String format = text(pairs, FORMAT);
        if (!format.equals(FORMAT_1)) {
            throw new IllegalArgumentException("block metadata: format must be 1: found=" + format);
        }
        return new BlockMetadata(
                new BlockId(
                        text(pairs, CELL),
                        text(pairs, HOST),
                        new TimeRange(number(pairs, START), number(pairs, END)),
                        BlockLevel.valueOf(text(pairs, LEVEL))),
                number(pairs, SERIES),
                number(pairs, SAMPLES),
                number(pairs, SAMPLES_BYTES),
                number(pairs, TAIL_OFFSET),
                Integer.parseUnsignedInt(text(pairs, TAIL_CRC), 16));
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
