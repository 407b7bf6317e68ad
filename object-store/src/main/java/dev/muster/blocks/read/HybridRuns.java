package dev.muster.blocks.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Small numbers, one after another: runs of one number, and numbers of so many bits. Confined to
/// one thread.
final class HybridRuns {
    /*
     * RLE [1]: a run begins with a varint. If its lowest bit is 0, the rest is how often the number that follows comes,
     * in as few bytes as the width needs; else the rest is how many groups of eight numbers follow, lowest bits first.
     *
     * [1] https://parquet.apache.org/docs/file-format/data-pages/encodings/
     */
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WIDEST = 32;

    private final byte[] bytes;
    private final int end;
    private final int width;
    private final long mask;
    private int at;
    private int left;
    private boolean packed;
    private int value;
    private long bit;

    /// @param end after the last byte
    /// @param width bits of a number, 0 to 32
    HybridRuns(byte[] bytes, int start, int end, int width) {
        if (width < 0 || width > WIDEST) {
            throw new IllegalStateException("page: numbers must be small: bits=" + width);
        }
        this.bytes = bytes;
        this.end = end;
        this.width = width;
        mask = (1L << width) - 1;
        at = start;
    }

    int next() {
        while (left == 0) {
            begin();
        }
        left--;
        if (!packed) {
            return value;
        }
        int from = (int) (bit >>> 3);
        int shift = (int) (bit & 7);
        bit += width;
        long word = from + Long.BYTES <= bytes.length ? (long) LONG.get(bytes, from) : tail(from);
        return (int) ((word >>> shift) & mask);
    }

    private void begin() {
        long header = varint();
        packed = (header & 1) != 0;
        if (packed) {
            long groups = header >>> 1;
            bit = 8L * at;
            left = Math.toIntExact(groups * Byte.SIZE);
            at = Math.toIntExact(at + groups * width);
        } else {
            left = Math.toIntExact(header >>> 1);
            value = (int) (tail(at) & mask);
            at += (width + Byte.SIZE - 1) / Byte.SIZE;
        }
        if (at > end) {
            throw new IllegalStateException("page: runs must lie within it: end=" + at);
        }
    }

    /// Up to eight bytes, as many as there are.
    private long tail(int from) {
        long word = 0;
        for (int i = 0; i < Long.BYTES && from + i < bytes.length; i++) {
            word |= (bytes[from + i] & 0xffL) << (Byte.SIZE * i);
        }
        return word;
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                throw new IllegalStateException("page: runs must not end: at=" + at);
            }
            byte next = bytes[at++];
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalStateException("page: length of a run must end");
    }
}
