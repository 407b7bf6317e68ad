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

    /// The next numbers, to every `stride`-th place.
    void next(int count, int[] into, int at, int stride) {
        int place = at;
        for (int wanted = count; wanted > 0; ) {
            if (left == 0) {
                begin();
                continue;
            }
            int length = Math.min(left, wanted);
            if (packed) {
                unpack(length, into, place, stride);
            } else {
                fill(length, into, place, stride);
            }
            left -= length;
            wanted -= length;
            place += length * stride;
        }
    }

    private void fill(int length, int[] into, int at, int stride) {
        int number = value;
        for (int i = 0, place = at; i < length; i++, place += stride) {
            into[place] = number;
        }
    }

    private void unpack(int length, int[] into, int at, int stride) {
        byte[] from = bytes;
        long ofMask = mask;
        long lastBit = 8L * (from.length - Long.BYTES);
        long next = bit;
        for (int i = 0, place = at; i < length; i++, place += stride, next += width) {
            int byteAt = (int) (next >>> 3);
            long word = next <= lastBit ? (long) LONG.get(from, byteAt) : tail(byteAt);
            into[place] = (int) ((word >>> (next & 7)) & ofMask);
        }
        bit = next;
    }

    /// How often the number that comes next is known to follow, at most `most`; it is taken so
    /// often.
    int run(int most) {
        while (left == 0) {
            begin();
        }
        if (packed) {
            value = next();
            return 1;
        }
        int length = Math.min(left, most);
        left -= length;
        return length;
    }

    /// The number of the last [#run].
    int value() {
        return value;
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
