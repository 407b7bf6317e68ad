package dev.muster.query.alertmanager.history;

/// Numbers, eight to sixteen bytes each. Confined to one thread at a time.
final class LongSet {
    private long[] slots = new long[64];
    private boolean zero;
    private int used;

    /// @return whether it was not there
    boolean add(long number) {
        if (number == 0) {
            boolean fresh = !zero;
            zero = true;
            return fresh;
        }
        int slot = slot(slots, number);
        if (slots[slot] == number) {
            return false;
        }
        slots[slot] = number;
        used++;
        if (2 * used > slots.length) {
            grow();
        }
        return true;
    }

    boolean contains(long number) {
        return number == 0 ? zero : slots[slot(slots, number)] == number;
    }

    int size() {
        return used + (zero ? 1 : 0);
    }

    private void grow() {
        long[] more = new long[2 * slots.length];
        for (long number : slots) {
            if (number != 0) {
                more[slot(more, number)] = number;
            }
        }
        slots = more;
    }

    private static int slot(long[] slots, long number) {
        int slot = (int) ((number * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
        while (slots[slot] != 0 && slots[slot] != number) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }
}
