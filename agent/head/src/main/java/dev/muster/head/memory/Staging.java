package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.wal.LateColumns;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The samples of one scrape before its commit, and the buffer in which its record is encoded. Lent
/// to an appender from `begin` to `commit`, so that appenders that rest need no memory for it.
final class Staging {
    private static final int KEPT_RECORD_BYTES = 1 << 20;

    private long[] values = new long[64];
    private long[] present = new long[1];
    private int presentCount;
    private int slotsTouched;

    private final LateColumns late = new LateColumns();

    /// Null until a scrape has more than numbers.
    private @Nullable StagedSide side;

    private final ByteWriter record = new ByteWriter(4096);

    /// Makes room for slots from 0 to `slots`.
    void grow(int slots) {
        if (slots > values.length) {
            int capacity = Math.max(slots, values.length + (values.length >> 1));
            values = Arrays.copyOf(values, capacity);
            present = Arrays.copyOf(present, (capacity + 63) >>> 6);
        }
    }

    boolean has(int slot) {
        return (present[slot >>> 6] >>> slot & 1) != 0;
    }

    void put(int slot, long value) {
        values[slot] = value;
        present[slot >>> 6] |= 1L << slot;
        presentCount++;
        if (slot >= slotsTouched) {
            slotsTouched = slot + 1;
        }
    }

    long[] values() {
        return values;
    }

    long[] present() {
        return present;
    }

    int presentCount() {
        return presentCount;
    }

    LateColumns late() {
        return late;
    }

    /// What the scrape has beside numbers; null if nothing.
    @Nullable StagedSide sideOrNull() {
        return side == null || side.isEmpty() ? null : side;
    }

    StagedSide side() {
        StagedSide known = side;
        if (known == null) {
            known = new StagedSide();
            side = known;
        }
        return known;
    }

    /// The histogram of a slot at the tick; null if it has none.
    @Nullable NativeHistogram histogram(int slot) {
        return side == null ? null : side.histogram(slot);
    }

    /// Since when samples of the slot count that come next.
    long startMs(int slot, long before) {
        return side == null ? before : side.startMs(slot, before);
    }

    ByteWriter record() {
        return record;
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return values.length * 8L
                + present.length * 8L
                + late.sizeBytes()
                + (side == null ? 0 : side.sizeBytes())
                + record.array().length;
    }

    boolean isEmpty() {
        return size() == 0 && sideOrNull() == null;
    }

    /// Samples.
    int size() {
        return presentCount + late.size();
    }

    void clear() {
        Arrays.fill(present, 0, (slotsTouched + 63) >>> 6, 0);
        presentCount = 0;
        slotsTouched = 0;
        late.clear();
        if (side != null) {
            side.clear();
        }
        record.shrink(Math.max(4096, Math.min(record.array().length, KEPT_RECORD_BYTES)));
    }
}
