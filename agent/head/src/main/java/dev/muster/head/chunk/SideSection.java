package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The part of a chunk's body that holds histograms and start times, behind its streams: an index
/// by slot, streams, and the section's own place at the end of the body.
final class SideSection {
    private static final int ENTRY_BYTES = 8;

    /// Bytes at the end of a body that say where the section starts.
    static final int PLACE_BYTES = 4;

    private final ByteWriter into;
    private final int body;
    private final int section;
    private int entry;

    /// @param body where the body starts
    /// @param entries slots in the section
    SideSection(ByteWriter into, int body, int entries) {
        this.into = into;
        this.body = body;
        section = into.size();
        into.u32(entries);
        entry = into.size();
        into.skip(entries * ENTRY_BYTES);
    }

    /// Starts the stream of a slot, higher than those before; its bytes are appended next.
    void slot(int slot) {
        into.putU32(entry, slot);
        into.putU32(entry + 4, into.size() - section);
        entry += ENTRY_BYTES;
    }

    void end() {
        into.u32(section - body);
    }

    /// Where the section of the body at `base` starts, counted from there.
    static int place(ByteBuffer buffer, int base, int lengthBytes) {
        return buffer.getInt(base + lengthBytes - PLACE_BYTES);
    }

    /// The stream of a slot; null if it has none.
    static byte @Nullable [] stream(ByteBuffer buffer, int base, int lengthBytes, int slot) {
        int at = base + place(buffer, base, lengthBytes);
        int entries = buffer.getInt(at);
        int low = 0;
        int high = entries;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (buffer.getInt(at + 4 + middle * ENTRY_BYTES) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int found = at + 4 + low * ENTRY_BYTES;
        if (low == entries || buffer.getInt(found) != slot) {
            return null;
        }
        int from = at + buffer.getInt(found + 4);
        int to =
                low + 1 == entries
                        ? base + lengthBytes - PLACE_BYTES
                        : at + buffer.getInt(found + ENTRY_BYTES + 4);
        byte[] stream = new byte[to - from];
        buffer.get(from, stream, 0, stream.length);
        return stream;
    }
}
