package dev.muster.federation.udp;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts frames together again that were too large for one datagram. What does not become whole is
/// dropped: frames that matter are sent again. Confined to the thread of the mesh.
final class Parts {
    /// Bytes of a frame in each part but the last: a datagram then fits the smallest MTU of IPv6.
    static final int PART_BYTES = 1200;

    /// Most parts of a frame.
    static final int COUNT_LIMIT = 128;

    /// Most frames in the making.
    static final int FRAME_LIMIT = 128;

    static final int SIZE_LIMIT = PART_BYTES * COUNT_LIMIT;
    private static final int MEMORY_LIMIT = 1 << 20;
    private static final long PATIENCE_MS = 2000;

    private record Key(long sender, int id) {}

    private static final class Draft {
        final byte[] @Nullable [] parts;
        final long beganMs;
        int missing;
        int size;

        Draft(int count, long beganMs) {
            this.parts = new byte[count][];
            this.missing = count;
            this.beganMs = beganMs;
        }
    }

    private final Map<Key, Draft> drafts = new LinkedHashMap<>();
    private int memory;
    private long lost;

    /// Takes a part.
    ///
    /// @return the whole frame, if this was the last part missing
    byte @Nullable [] take(long sender, int id, int index, int count, byte[] part, long nowMs) {
        var key = new Key(sender, id);
        Draft draft = drafts.get(key);
        if (draft == null) {
            makeRoom(nowMs);
            draft = new Draft(count, nowMs);
            drafts.put(key, draft);
        }
        if (draft.parts.length != count || draft.parts[index] != null) {
            return null;
        }
        if (memory + part.length > MEMORY_LIMIT) {
            lost++;
            return null;
        }
        draft.parts[index] = part;
        draft.size += part.length;
        memory += part.length;
        if (--draft.missing > 0) {
            return null;
        }
        drafts.remove(key);
        memory -= draft.size;
        return whole(draft);
    }

    private static byte[] whole(Draft draft) {
        byte[] frame = new byte[draft.size];
        int at = 0;
        for (byte[] part : draft.parts) {
            if (part != null) {
                System.arraycopy(part, 0, frame, at, part.length);
                at += part.length;
            }
        }
        return frame;
    }

    /// Parts that were given up.
    long lost() {
        return lost;
    }

    private void makeRoom(long nowMs) {
        Iterator<Draft> oldest = drafts.values().iterator();
        while (oldest.hasNext()) {
            Draft draft = oldest.next();
            boolean isFull = drafts.size() >= FRAME_LIMIT || memory > MEMORY_LIMIT / 2;
            if (!isFull && nowMs - draft.beganMs <= PATIENCE_MS) {
                return;
            }
            lost += draft.parts.length - draft.missing;
            memory -= draft.size;
            oldest.remove();
        }
    }
}
