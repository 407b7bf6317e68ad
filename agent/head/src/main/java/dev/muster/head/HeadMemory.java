package dev.muster.head;

/// What a [Head] costs in memory, estimated from the sizes of what it holds.
///
/// @param openBytes samples that are not yet sealed, and the state that each series needs to go on
/// @param indexBytes labels and metadata of the series, and the index over them
public record HeadMemory(long openBytes, long indexBytes) {
    /// All of it.
    public long bytes() {
        return openBytes + indexBytes;
    }
}
