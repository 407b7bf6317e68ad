package dev.muster.agent.exposition;

/// What a parser takes before it refuses a body. The limits protect the parser itself; they are
/// wider than those an operator sets for a target.
///
/// @param lineLength longest line, in bytes
/// @param labelCount most labels of one sample, the metric name not counted
/// @param nameLength longest metric or label name, in bytes
/// @param valueLength longest label value as written, in bytes
/// @param numberLength longest number as written, in bytes
/// @param bucketCount most buckets, spans or exemplars of a native histogram
public record ExpositionLimits(
        int lineLength,
        int labelCount,
        int nameLength,
        int valueLength,
        int numberLength,
        int bucketCount) {
    /// Lines of 1 MiB, 256 labels, names of 4 KiB, values of 256 KiB, numbers of 1 KiB, 16,384
    /// buckets.
    public static final ExpositionLimits DEFAULT =
            new ExpositionLimits(1 << 20, 256, 4 << 10, 256 << 10, 1 << 10, 16 << 10);

    public ExpositionLimits {
        requirePositive("line length", lineLength);
        requirePositive("label count", labelCount);
        requirePositive("name length", nameLength);
        requirePositive("value length", valueLength);
        requirePositive("number length", numberLength);
        requirePositive("bucket count", bucketCount);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: found=" + value);
        }
    }
}
