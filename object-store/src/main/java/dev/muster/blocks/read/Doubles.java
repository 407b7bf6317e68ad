package dev.muster.blocks.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Turns the bytes of a page into doubles.
final class Doubles {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Doubles() {}

    /// Doubles one after the other, eight bytes each, the lowest first.
    ///
    /// @param from first that is wanted
    /// @param to after the last that is wanted
    static void plain(byte[] bytes, double[] into, int from, int to) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(from, into, from, to - from);
    }

    /// BYTE_STREAM_SPLIT: the lowest bytes of all doubles, then the next lowest, and so on.
    ///
    /// @param count how many there are
    /// @param from first that is wanted; some before it may be written
    /// @param to after the last that is wanted; some after it may be written
    static void split(byte[] bytes, double[] into, int count, int from, int to) {
        int start = from & -Long.BYTES;
        int whole = Math.min(count, to + Long.BYTES - 1) & -Long.BYTES;
        for (int i = start; i < whole; i += Long.BYTES) {
            eight(bytes, i, count, into);
        }
        for (int i = Math.max(start, whole); i < Math.min(count, to); i++) {
            long bits = 0;
            for (int b = 0; b < Long.BYTES; b++) {
                bits |= (bytes[b * count + i] & 0xffL) << (Byte.SIZE * b);
            }
            into[i] = Double.longBitsToDouble(bits);
        }
    }

    /*
     * Eight doubles at a time: eight bytes of each of the eight streams are a matrix of 8 x 8 bytes, which is turned
     * over its diagonal in three rounds, in each of which halves of the rows change places: 4 x 4, 2 x 2, single bytes.
     */
    private static void eight(byte[] bytes, int at, int count, double[] into) {
        long a = (long) LONG.get(bytes, at);
        long b = (long) LONG.get(bytes, at + count);
        long c = (long) LONG.get(bytes, at + 2 * count);
        long d = (long) LONG.get(bytes, at + 3 * count);
        long e = (long) LONG.get(bytes, at + 4 * count);
        long f = (long) LONG.get(bytes, at + 5 * count);
        long g = (long) LONG.get(bytes, at + 6 * count);
        long h = (long) LONG.get(bytes, at + 7 * count);
        long t = ((a >>> 32) ^ e) & 0xffffffffL;
        e ^= t;
        a ^= t << 32;
        t = ((b >>> 32) ^ f) & 0xffffffffL;
        f ^= t;
        b ^= t << 32;
        t = ((c >>> 32) ^ g) & 0xffffffffL;
        g ^= t;
        c ^= t << 32;
        t = ((d >>> 32) ^ h) & 0xffffffffL;
        h ^= t;
        d ^= t << 32;
        four(a, b, c, d, into, at);
        four(e, f, g, h, into, at + 4);
    }

    private static void four(long a, long b, long c, long d, double[] into, int at) {
        long t = ((a >>> 16) ^ c) & 0xffff0000ffffL;
        two(a ^ (t << 16), b ^ (((b >>> 16) ^ d) & 0xffff0000ffffL) << 16, into, at);
        long u = ((b >>> 16) ^ d) & 0xffff0000ffffL;
        two(c ^ t, d ^ u, into, at + 2);
    }

    private static void two(long a, long b, double[] into, int at) {
        long t = ((a >>> 8) ^ b) & 0xff00ff00ff00ffL;
        into[at] = Double.longBitsToDouble(a ^ (t << 8));
        into[at + 1] = Double.longBitsToDouble(b ^ t);
    }
}
