package dev.muster.head.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The references of one appender: which slot each stands for. A reference is never given again,
/// even where its slot is.
///
/// As long as no slot was taken from a series, reference and slot are the same number and nothing
/// is stored. Written under the lock of the origin outside a scrape, read by the appender's thread.
final class References {
    /*
     * References grow for good, slots do not: they are stored in blocks, and a block of which no reference is
     * known any more is given up.
     */
    private static final int NONE = -1;
    private static final int BLOCK_SHIFT = 10;
    private static final int BLOCK = 1 << BLOCK_SHIFT;

    private boolean same = true;
    private int count;

    /// Slots by reference.
    private int[] @Nullable [] blocks = new int[0][];

    /// How many references of a block are known.
    private char[] known = new char[0];

    private int knownBlocks;
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
        return 64 + knownBlocks * (BLOCK * 4L + 16) + blocks.length * 6L + referenceOf.length * 4L;
    }

    /// The slot of a reference; -1 if it is unknown.
    int slot(int reference) {
        if (reference < 0 || reference >= count) {
            return NONE;
        }
        if (same) {
            return reference;
        }
        int[] block = blocks[reference >>> BLOCK_SHIFT];
        return block == null ? NONE : block[reference & (BLOCK - 1)];
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
            put(count, slot);
            referenceOf[slot] = count++;
        }
        return referenceOf[slot];
    }

    private void put(int reference, int slot) {
        int number = reference >>> BLOCK_SHIFT;
        if (number >= blocks.length) {
            int capacity = number + 1 + (number >> 1);
            blocks = Arrays.copyOf(blocks, capacity);
            known = Arrays.copyOf(known, capacity);
        }
        int[] block = blocks[number];
        if (block == null) {
            block = new int[BLOCK];
            Arrays.fill(block, NONE);
            blocks[number] = block;
            knownBlocks++;
        }
        block[reference & (BLOCK - 1)] = slot;
        known[number]++;
    }

    /// The slot lost its series.
    void forget(int slot) {
        if (same) {
            same = false;
            referenceOf = new int[count];
            for (int i = 0; i < count; i++) {
                put(i, i);
                referenceOf[i] = i;
            }
        }
        if (slot < referenceOf.length && referenceOf[slot] != NONE) {
            int reference = referenceOf[slot];
            referenceOf[slot] = NONE;
            int number = reference >>> BLOCK_SHIFT;
            int[] block = blocks[number];
            if (block != null) {
                block[reference & (BLOCK - 1)] = NONE;
                if (--known[number] == 0) {
                    blocks[number] = null;
                    knownBlocks--;
                }
            }
        }
    }
}
