package dev.muster.agent.exposition;

/// What a parser takes before it refuses a body. The limits protect the parser itself; they are
/// wider than those an operator sets for a target.
///
/// @param lineLength longest line, in bytes
/// @param labelCount most labels of one sample, the metric name not counted
/// @param nameLength longest metric or label name, in bytes
/// @param valueLength longest label value as written, in bytes
public record ExpositionLimits(int lineLength, int labelCount, int nameLength, int valueLength) {
    /// Lines of 1 MiB, 256 labels, names of 4 KiB, values of 256 KiB.
    public static final ExpositionLimits DEFAULT =
            new ExpositionLimits(1 << 20, 256, 4 << 10, 256 << 10);

    public ExpositionLimits {
        requirePositive("line length", lineLength);
        requirePositive("label count", labelCount);
        requirePositive("name length", nameLength);
        requirePositive("value length", valueLength);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: found=" + value);
        }
    }
}
