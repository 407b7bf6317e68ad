package dev.muster.agent.exposition;

import java.util.Arrays;

/// A set of numbers that grows. Confined to one thread.
final class LongSet {
    private long[] table = new long[16];
    private int size;
    private boolean hasZero;

    /// @return was it new?
    boolean add(long value) {
        if (value == 0) {
            boolean isNew = !hasZero;
            hasZero = true;
            return isNew;
        }
        if (2 * (size + 1) > table.length) {
            grow();
        }
        int at = place(table, value);
        if (table[at] == value) {
            return false;
        }
        table[at] = value;
        size++;
        return true;
    }

    private void grow() {
        long[] before = table;
        table = new long[Math.multiplyExact(2, before.length)];
        Arrays.stream(before)
                .filter(value -> value != 0)
                .forEach(value -> table[place(table, value)] = value);
    }

    private static int place(long[] table, long value) {
        int mask = table.length - 1;
        int at = (int) (value ^ (value >>> 32)) & mask;
        while (table[at] != 0 && table[at] != value) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
