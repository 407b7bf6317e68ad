package dev.muster.federation.view;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A 64-bit hash by which states are named and compared. Part of the wire format: it never changes.
/// Not meant to stand against somebody who looks for collisions.
public final class Hash64 {
    /*
     * Eight bytes at a time: h = (h xor word) * ODD, then the upper half folded into the lower, so that each word reaches
     * all bits within two steps; the finaliser of SplitMix64 [1] at the end. A tail of 1 to 7 bytes is padded with zeros;
     * the length is mixed in first, so that padding cannot be taken for content.
     *
     * [1] https://doi.org/10.1145/2714064.2660195
     */
    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Hash64() {}

    /// The hash of these bytes.
    public static long of(byte[] bytes) {
        long h = ODD * (bytes.length + 1L);
        int whole = bytes.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            h = step(h, (long) LONGS.get(bytes, i));
        }
        if (whole < bytes.length) {
            long tail = 0;
            for (int i = bytes.length - 1; i >= whole; i--) {
                tail = (tail << 8) | (bytes[i] & 0xFF);
            }
            h = step(h, tail);
        }
        return mix(h);
    }

    private static long step(long h, long word) {
        long next = (h ^ word) * ODD;
        return next ^ (next >>> 32);
    }

    /// Spreads the bits of a number.
    public static long mix(long seed) {
        long z = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
