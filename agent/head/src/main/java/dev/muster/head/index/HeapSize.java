package dev.muster.head.index;

/// What objects cost on the heap of a 64-bit machine with compressed references; estimates.
final class HeapSize {
    static final int INTEGER = 16;

    private static final int MAP = 48;
    private static final int MAP_ENTRY = 32;

    private HeapSize() {}

    /// A hash map of so many entries, without its keys and values.
    static long mapBytes(int size) {
        return MAP + size * (MAP_ENTRY + 6L);
    }

    /// One entry more in a hash map, without its key and value.
    static long mapEntryBytes() {
        return MAP_ENTRY + 6;
    }

    static long textBytes(String text) {
        return 24 + arrayBytes(text.length());
    }

    /// An array whose elements take so many bytes.
    static long arrayBytes(long bytes) {
        return 16 + (bytes + 7 & ~7L);
    }
}
