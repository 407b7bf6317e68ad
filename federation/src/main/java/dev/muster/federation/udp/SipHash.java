package dev.muster.federation.udp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A keyed hash of 64 bits that nobody can compute without the key. Immutable.
final class SipHash {
    /*
     * SipHash-2-4 [1]: two rounds for each word of eight bytes, four at the end; the last word holds
     * the rest and the length.
     *
     * [1] Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012.
     */
    private final long k0;
    private final long k1;

    /// @param k0 first half of the key
    /// @param k1 second half
    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /// The hash of some bytes of a buffer; neither its position nor its order is looked at.
    long of(ByteBuffer bytes, int from, int to) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int whole = from + ((to - from) & ~7);
        int rounds = 2;
        for (int at = from; at <= whole + 8; at += 8) {
            long word = at < whole ? in.getLong(at) : at == whole ? rest(in, whole, from, to) : 0;
            if (at > whole) {
                v2 ^= 0xFF;
                rounds = 4;
            }
            v3 ^= word;
            for (int round = 0; round < rounds; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long rest(ByteBuffer in, int whole, int from, int to) {
        long word = (long) (to - from) << 56;
        for (int at = whole; at < to; at++) {
            word |= (in.get(at) & 0xFFL) << (8 * (at - whole));
        }
        return word;
    }
}
