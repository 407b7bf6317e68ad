package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;

/// The fixed start of a chunk's body.
final class ChunkHeader {
    /*
     * 0 kind u8 | 1 flags u8 (1 = regular clock, 2 = side section) | 2 ticks u16 | 4 entries u32 | 8 origin u32
     * 12 index offset u32, from the start of the body | 16 first ms i64 | 24 last ms i64 | 32 clock, index, streams
     */
    static final int FLAGS_AT = 1;
    static final int TICKS_AT = 2;
    static final int ENTRIES_AT = 4;
    static final int INDEX_AT = 12;
    static final int FIRST_AT = 16;
    static final int BYTES = 32;

    /// Flag: the ticks are equally far apart.
    static final int REGULAR = 1;

    /// Flag: histograms and start times follow the streams.
    static final int SIDE = 2;

    private ChunkHeader() {}

    static void write(
            ByteWriter into,
            ChunkKind kind,
            boolean regular,
            int ticks,
            int entries,
            int origin,
            long firstMs,
            long lastMs) {
        into.u8(kind.number());
        into.u8(regular ? REGULAR : 0);
        into.u16(ticks);
        into.u32(entries);
        into.u32(origin);
        into.u32(BYTES);
        into.u64(firstMs);
        into.u64(lastMs);
    }
}
