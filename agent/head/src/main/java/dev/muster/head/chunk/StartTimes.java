package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import java.util.Arrays;

/// Since when the samples of each slot count, now and at earlier ticks of the open chunk. Guarded
/// by the lock of the origin.
final class StartTimes {
    /*
     * `now` says it by slot, 0 where it is not known. A change notes what was before, from which tick on it is
     * not so any more, and the change of the same slot before it, as an index + 1; `newest` is the newest by slot.
     */
    private long[] now = new long[0];
    private int[] newest = new int[0];

    private char[] changeTicks = new char[0];
    private long[] changeBefore = new long[0];
    private int[] changeNext = new int[0];
    private int changes;

    long of(int slot) {
        return slot < now.length ? now[slot] : 0;
    }

    /// A copy of what counts now, by slot; slots beyond it have none.
    long[] copy() {
        return now.clone();
    }

    /// @param tick first tick of which that is so
    void set(int slot, long startMs, int tick) {
        if (of(slot) == startMs) {
            return;
        }
        if (slot >= now.length) {
            int capacity = slot + 1 + (slot >> 2);
            now = Arrays.copyOf(now, capacity);
            newest = Arrays.copyOf(newest, capacity);
        }
        int change = newest[slot] - 1;
        if (tick > 0 && (change < 0 || changeTicks[change] != tick)) {
            change(slot, tick);
        }
        now[slot] = startMs;
    }

    private void change(int slot, int tick) {
        if (changes == changeTicks.length) {
            int capacity = changes + 4 + (changes >> 1);
            changeTicks = Arrays.copyOf(changeTicks, capacity);
            changeBefore = Arrays.copyOf(changeBefore, capacity);
            changeNext = Arrays.copyOf(changeNext, capacity);
        }
        changeTicks[changes] = (char) tick;
        changeBefore[changes] = now[slot];
        changeNext[changes] = newest[slot];
        newest[slot] = ++changes;
    }

    /// Does the slot have one at any tick?
    boolean has(int slot) {
        return slot < now.length && (now[slot] != 0 || newest[slot] != 0);
    }

    /// Writes a count, then for each change at the first `ticks` ticks its tick and the start time
    /// from there on.
    void write(int slot, int ticks, ByteWriter into) {
        if (!has(slot)) {
            into.varint(0);
            return;
        }
        int count = 0;
        long oldest = now[slot];
        for (int at = newest[slot]; at != 0; at = changeNext[at - 1]) {
            count += changeTicks[at - 1] < ticks ? 1 : 0;
            oldest = changeBefore[at - 1];
        }
        int[] kept = new int[count];
        long[] after = new long[count];
        long then = now[slot];
        for (int at = newest[slot]; at != 0; at = changeNext[at - 1]) {
            if (changeTicks[at - 1] < ticks) {
                kept[--count] = changeTicks[at - 1];
                after[count] = then;
            }
            then = changeBefore[at - 1];
        }
        write(oldest, kept, after, into);
    }

    private static void write(long oldest, int[] ticks, long[] after, ByteWriter into) {
        into.varint(ticks.length + (oldest == 0 ? 0 : 1));
        if (oldest != 0) {
            into.varint(0);
            into.zigzag(oldest);
        }
        int tick = 0;
        long before = oldest;
        for (int i = 0; i < ticks.length; i++) {
            into.varint(ticks[i] - tick);
            into.zigzag(after[i] - before);
            tick = ticks[i];
            before = after[i];
        }
    }

    /// Forgets everything.
    void reset() {
        Arrays.fill(now, 0);
        clear();
    }

    /// Forgets the ticks, keeps what counts now.
    void clear() {
        Arrays.fill(newest, 0);
        changes = 0;
        if (changeTicks.length > 64) {
            changeTicks = new char[0];
            changeBefore = new long[0];
            changeNext = new int[0];
        }
    }

    /// Memory that the changes take.
    long changeBytes() {
        return changes * 14L;
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return 100 + now.length * 12L + changeTicks.length * 14L;
    }
}
