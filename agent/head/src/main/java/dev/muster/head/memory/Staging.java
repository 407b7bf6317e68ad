package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import java.util.Arrays;

/// The samples of one scrape before its commit, and the buffer in which its record is encoded. Lent
/// to an appender from `begin` to `commit`, so that appenders that rest need no memory for it.
final class Staging {
    private static final int KEPT_RECORD_BYTES = 1 << 20;

    private long[] values = new long[64];
    private long[] present = new long[1];
    private int presentCount;
    private int slotsTouched;

    private int[] lateSlots = new int[16];
    private long[] lateTimes = new long[16];
    private long[] lateValues = new long[16];
    private int lateCount;
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

    void putLate(int slot, long timeMs, long value) {
        if (lateCount == lateSlots.length) {
            lateSlots = Arrays.copyOf(lateSlots, lateCount * 2);
            lateTimes = Arrays.copyOf(lateTimes, lateCount * 2);
            lateValues = Arrays.copyOf(lateValues, lateCount * 2);
        }
        lateSlots[lateCount] = slot;
        lateTimes[lateCount] = timeMs;
        lateValues[lateCount] = value;
        lateCount++;
    }

    /// The late entry of this slot and time; -1 if there is none.
    int findLate(int slot, long timeMs) {
        for (int i = 0; i < lateCount; i++) {
            if (lateSlots[i] == slot && lateTimes[i] == timeMs) {
                return i;
            }
        }
        return -1;
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

    int lateCount() {
        return lateCount;
    }

    int[] lateSlots() {
        return lateSlots;
    }

    long[] lateTimes() {
        return lateTimes;
    }

    long[] lateValues() {
        return lateValues;
    }

    ByteWriter record() {
        return record;
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return values.length * 8L
                + present.length * 8L
                + lateSlots.length * 20L
                + record.array().length;
    }

    int size() {
        return presentCount + lateCount;
    }

    void clear() {
        Arrays.fill(present, 0, (slotsTouched + 63) >>> 6, 0);
        presentCount = 0;
        slotsTouched = 0;
        lateCount = 0;
        record.shrink(Math.max(4096, Math.min(record.array().length, KEPT_RECORD_BYTES)));
    }
}
