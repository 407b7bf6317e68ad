package dev.muster.agent.exposition;

import java.util.Arrays;

/// A set of 64-bit hashes that is emptied often and cheaply. Owned by a reader.
///
/// Two things with the same hash count as the same: with a hundred thousand of them in a body, that
/// happens by accident once in three billion bodies.
final class SeenTable {
    /// Slots that are kept whatever the use; a power of two.
    private static final int KEPT = 1024;

    private long[] hashes = new long[64];

    /// A slot is in use where its generation is the current one.
    private int[] generations = new int[64];

    private int generation = 1;
    private int size;

    /// Most entries at once since the last [#trim()].
    private int peak;

    /// Gives memory back that the uses since the last call of this did not need.
    void trim() {
        if (hashes.length > KEPT && 16L * peak < hashes.length) {
            hashes = new long[KEPT];
            generations = new int[KEPT];
        }
        clear();
        peak = 0;
    }

    void clear() {
        size = 0;
        generation++;
        if (generation == Integer.MAX_VALUE) {
            Arrays.fill(generations, 0);
            generation = 1;
        }
    }

    /// @return false if it was there already
    boolean add(long hash) {
        if (2 * size >= hashes.length) {
            grow();
        }
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (generations[slot] == generation) {
            if (hashes[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        generations[slot] = generation;
        size++;
        peak = Math.max(peak, size);
        return true;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldGenerations = generations;
        hashes = new long[Math.multiplyExact(2, oldHashes.length)];
        generations = new int[hashes.length];
        size = 0;
        for (int slot = 0; slot < oldHashes.length; slot++) {
            if (oldGenerations[slot] == generation) {
                add(oldHashes[slot]);
            }
        }
    }
}
