package dev.muster.query.remote;

import java.util.Arrays;

/// Appends bits, the highest first, to bytes. Reused; owned by one thread.
final class BitWriter {
    /// Bits of the short forms of a number with variable length, from the shortest.
    private static final int[] SHORT_BITS = {3, 6, 9, 12, 18, 25, 56};

    private byte[] bytes = new byte[512];
    private int size;
    private int free;

    void clear() {
        size = 0;
        free = 0;
    }

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    void setByte(int index, int value) {
        bytes[index] = (byte) value;
    }

    void bit(boolean one) {
        if (free == 0) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size++] = 0;
            free = 8;
        }
        free--;
        if (one) {
            bytes[size - 1] |= (byte) (1 << free);
        }
    }

    /// The lowest `count` bits of a number.
    void bits(long value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bit(((value >>> i) & 1) == 1);
        }
    }

    void real(double value) {
        bits(Double.doubleToRawLongBits(value), 64);
    }

    /// A number in groups of seven bits.
    void uvarint(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bits((left & 0x7f) | 0x80, 8);
            left >>>= 7;
        }
        bits(left, 8);
    }

    /// As [#uvarint], small negative ones short.
    void varint(long value) {
        uvarint((value << 1) ^ (value >> 63));
    }

    /// A number as histogram chunks have it: ones and a zero that tell its length, then its bits.
    void varbit(long value) {
        if (value == 0) {
            bit(false);
            return;
        }
        for (int i = 0; i < SHORT_BITS.length; i++) {
            if (fits(value, SHORT_BITS[i])) {
                prefix(i + 1);
                bits(value, SHORT_BITS[i]);
                return;
            }
        }
        bits(0xff, 8);
        bits(value, 64);
    }

    /// As [#varbit] for numbers that are not negative.
    void varbitUnsigned(long value) {
        if (value == 0) {
            bit(false);
            return;
        }
        for (int i = 0; i < SHORT_BITS.length; i++) {
            if (value >>> SHORT_BITS[i] == 0) {
                prefix(i + 1);
                bits(value, SHORT_BITS[i]);
                return;
            }
        }
        bits(0xff, 8);
        bits(value, 64);
    }

    private void prefix(int ones) {
        for (int i = 0; i < ones; i++) {
            bit(true);
        }
        bit(false);
    }

    /// Whether a number fits into so many bits; one more positive than negative number does.
    static boolean fits(long value, int bits) {
        return -((1L << (bits - 1)) - 1) <= value && value <= 1L << (bits - 1);
    }
}
