package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;

/// Lays an open chunk out as bytes, drawn in `docs/format/wal.md`.
final class TickChunkWriter {
    /// Slots that share one offset in the index.
    static final int GROUP = 16;

    static final int GROUP_BYTES = 4 + 2 * GROUP;

    /// Set in a stream's length when it does not reach the last tick: its count comes first.
    static final int PARTIAL = 0x8000;

    private TickChunkWriter() {}

    static void write(OpenChunk chunk, int origin, ByteWriter into) {
        int start = into.size();
        int ticks = chunk.ticks();
        int slots = chunk.slots();
        long firstMs = chunk.tickMs(0);
        long stepMs = regularStep(chunk);
        ChunkHeader.write(
                into,
                ChunkKind.TICKS,
                stepMs > 0,
                ticks,
                slots,
                origin,
                firstMs,
                chunk.tickMs(ticks - 1));
        if (stepMs > 0) {
            into.varint(stepMs);
        } else {
            for (int i = 1; i < ticks; i++) {
                into.varint(chunk.tickMs(i) - chunk.tickMs(i - 1));
            }
        }
        int index = into.size();
        into.putU32(start + ChunkHeader.INDEX_AT, index - start);
        into.skip((slots + GROUP - 1) / GROUP * GROUP_BYTES);
        streams(chunk, index, into);
        side(chunk, start, into);
    }

    private static void side(OpenChunk chunk, int start, ByteWriter into) {
        OpenSide side = chunk.sideOrNull();
        int entries = 0;
        for (int slot = 0; side != null && slot < chunk.slots(); slot++) {
            entries += chunk.count(slot) > 0 && side.has(slot) ? 1 : 0;
        }
        if (side == null || entries == 0) {
            return;
        }
        into.array()[start + ChunkHeader.FLAGS_AT] |= ChunkHeader.SIDE;
        SideSection section = new SideSection(into, start, entries);
        for (int slot = 0; slot < chunk.slots(); slot++) {
            if (chunk.count(slot) > 0 && side.has(slot)) {
                section.slot(slot);
                side.write(slot, chunk.ticks(), into);
            }
        }
        section.end();
    }

    private static void streams(OpenChunk chunk, int index, ByteWriter into) {
        byte[] stream = new byte[OpenChunk.MAX_STREAM_BYTES + 64];
        int streams = into.size();
        int groupAt = index;
        for (int slot = 0; slot < chunk.slots(); slot++) {
            int inGroup = slot % GROUP;
            if (inGroup == 0) {
                groupAt = index + slot / GROUP * GROUP_BYTES;
                into.putU32(groupAt, into.size() - streams);
            }
            into.putU16(groupAt + 4 + 2 * inGroup, stream(chunk, slot, stream, into));
        }
        for (int rest = chunk.slots(); rest % GROUP != 0; rest++) {
            into.putU16(groupAt + 4 + 2 * (rest % GROUP), 0);
        }
    }

    /// @return what the index says of the stream
    private static int stream(OpenChunk chunk, int slot, byte[] stream, ByteWriter into) {
        int count = chunk.count(slot);
        if (count == 0) {
            return PARTIAL;
        }
        int length = chunk.copyStream(slot, stream);
        if (count == chunk.ticks()) {
            into.bytes(stream, 0, length);
            return length;
        }
        into.u16(count);
        into.bytes(stream, 0, length);
        return PARTIAL | (length + 2);
    }

    /// The distance of the ticks where it is always the same, else 0.
    private static long regularStep(OpenChunk chunk) {
        if (chunk.ticks() == 1) {
            return 1;
        }
        long stepMs = chunk.tickMs(1) - chunk.tickMs(0);
        for (int i = 2; i < chunk.ticks(); i++) {
            if (chunk.tickMs(i) - chunk.tickMs(i - 1) != stepMs) {
                return 0;
            }
        }
        return stepMs;
    }
}
