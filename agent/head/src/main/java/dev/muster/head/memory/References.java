package dev.muster.head.memory;

import java.util.Arrays;

/// The references of one appender: which slot each stands for. A reference is never given again,
/// even where its slot is.
///
/// As long as no slot was taken from a series, reference and slot are the same number and nothing
/// is stored. Written under the lock of the origin outside a scrape, read by the appender's thread.
final class References {
    private static final int NONE = -1;

    private boolean same = true;
    private int count;
    private int[] slotOf = new int[0];
    private int[] referenceOf = new int[0];

    /// @param slots slots there are
    /// @param reusable may a new series get one of them?
    References(int slots, boolean reusable) {
        count = slots;
        if (reusable) {
            count = 0;
            same = false;
        }
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return 64 + (slotOf.length + referenceOf.length) * 4L;
    }

    /// The slot of a reference; -1 if it is unknown.
    int slot(int reference) {
        if (reference < 0 || reference >= count) {
            return NONE;
        }
        return same ? reference : slotOf[reference];
    }

    /// The reference of a slot, which gets one where it has none.
    int of(int slot) {
        if (same) {
            count = Math.max(count, slot + 1);
            return slot;
        }
        if (slot >= referenceOf.length) {
            int before = referenceOf.length;
            referenceOf = Arrays.copyOf(referenceOf, slot + 1 + (slot >> 2));
            Arrays.fill(referenceOf, before, referenceOf.length, NONE);
        }
        if (referenceOf[slot] == NONE) {
            if (count == slotOf.length) {
                slotOf = Arrays.copyOf(slotOf, count + 4 + (count >> 2));
            }
            slotOf[count] = slot;
            referenceOf[slot] = count++;
        }
        return referenceOf[slot];
    }

    /// The slot lost its series.
    void forget(int slot) {
        if (same) {
            same = false;
            slotOf = new int[count];
            referenceOf = new int[count];
            for (int i = 0; i < count; i++) {
                slotOf[i] = i;
                referenceOf[i] = i;
            }
        }
        if (slot < referenceOf.length && referenceOf[slot] != NONE) {
            slotOf[referenceOf[slot]] = NONE;
            referenceOf[slot] = NONE;
        }
    }
}
