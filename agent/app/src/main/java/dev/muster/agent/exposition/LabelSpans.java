package dev.muster.agent.exposition;

import java.util.Arrays;

/// Where the labels of one sample or exemplar lie in the body. Reused; owned by a reader.
final class LabelSpans {
    private static final long SEED = 0x9e3779b97f4a7c15L;
    private static final long FACTOR = 0xbf58476d1ce4e5b9L;
    private static final int NONE = -1;

    private byte[] body = new byte[0];

    /// Name start, name end, value start, value end, …
    private int[] places = new int[64];

    private int size;

    void reset(byte[] body) {
        this.body = body;
        size = 0;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (4 * size == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[4 * size] = nameStart;
        places[4 * size + 1] = nameEnd;
        places[4 * size + 2] = valueStart;
        places[4 * size + 3] = valueEnd;
        size++;
    }

    int nameStart(int index) {
        return places[4 * index];
    }

    int nameEnd(int index) {
        return places[4 * index + 1];
    }

    int valueStart(int index) {
        return places[4 * index + 2];
    }

    int valueEnd(int index) {
        return places[4 * index + 3];
    }

    /// The label of that name; -1 where there is none.
    int indexOf(String ascii) {
        for (int i = 0; i < size; i++) {
            if (Bytes.equal(body, nameStart(i), nameEnd(i), ascii)) {
                return i;
            }
        }
        return NONE;
    }

    /// The label whose name is these bytes of the body; -1 where there is none.
    int indexOf(int from, int to) {
        for (int i = 0; i < size; i++) {
            if (Arrays.equals(body, nameStart(i), nameEnd(i), body, from, to)) {
                return i;
            }
        }
        return NONE;
    }

    /// A label whose name an earlier one has; -1 where there is none.
    int duplicate() {
        for (int i = 1; i < size; i++) {
            for (int k = 0; k < i; k++) {
                if (Arrays.equals(body, nameStart(i), nameEnd(i), body, nameStart(k), nameEnd(k))) {
                    return i;
                }
            }
        }
        return NONE;
    }

    /// A hash of the set of labels, whatever their order; those with an empty value are left out.
    ///
    /// @param skipped index of a label to leave out, or -1
    long hash(int skipped) {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            if (i != skipped && valueStart(i) < valueEnd(i)) {
                long name = hash(nameStart(i), nameEnd(i), SEED);
                sum += mix(hash(valueStart(i), valueEnd(i), name));
            }
        }
        return mix(sum);
    }

    private long hash(int from, int to, long seed) {
        long hash = seed + (to - from) * FACTOR;
        int at = from;
        for (; at <= to - 8; at += 8) {
            hash = mix(hash ^ Bytes.word(body, at));
        }
        if (at < to) {
            long rest = 0;
            for (; at < to; at++) {
                rest = (rest << 8) | (body[at] & 0xff);
            }
            hash = mix(hash ^ rest);
        }
        return hash;
    }

    /// Folds the 128-bit product with an odd constant, so that every bit has a say in every other.
    static long mix(long bits) {
        long seeded = bits ^ SEED;
        return (seeded * FACTOR) ^ Math.unsignedMultiplyHigh(seeded, FACTOR);
    }
}
