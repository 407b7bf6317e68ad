package dev.muster.head.chunk;

/// What a sealed chunk holds. Numbers are on disk.
public enum ChunkKind {
    /// Values at the ticks of the origin.
    TICKS(1),
    /// Samples with times of their own.
    LATE(2),
    /// Series that are not in memory any more, whose samples lie before in the same file.
    SERIES(3);

    private final int number;

    ChunkKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// @throws IndexOutOfBoundsException if there is none of that number
    public static ChunkKind of(int number) {
        return switch (number) {
            case 1 -> TICKS;
            case 2 -> LATE;
            case 3 -> SERIES;
            default ->
                    throw new IndexOutOfBoundsException(
                            "chunk kind must be known: number=" + number);
        };
    }
}
