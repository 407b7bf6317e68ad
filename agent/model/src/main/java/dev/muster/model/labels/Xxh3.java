package dev.muster.model.labels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// XXH3, the 64-bit variant without seed, over a byte array. Thread-safe; allocates nothing.
public final class Xxh3 {
    /*
     * The algorithm is that of the xxHash specification [1], section "XXH3 Algorithm Overview": four cases by length
     * (0-16, 17-128, 129-240, longer), the last one in stripes of 64 bytes over eight accumulators.
     *
     * [1] https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
     */
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PRIME32_1 = 0x9E3779B1L;
    private static final long PRIME32_2 = 0x85EBCA77L;
    private static final long PRIME32_3 = 0xC2B2AE3DL;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
    private static final long PRIME_MX1 = 0x165667919E3779F9L;
    private static final long PRIME_MX2 = 0x9FB21C651E98DF25L;

    private static final int STRIPE_BYTES = 64;
    private static final int SECRET_STEP = 8;

    /// The default secret of the specification, 192 bytes.
    private static final byte[] SECRET =
            HexFormat.of()
                    .parseHex(
                            """
                            b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f\
                            cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c\
                            3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8\
                            a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364\
                            eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e\
                            2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e\
                            """);

    private Xxh3() {}

    static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hash(bytes, bytes.length);
    }

    /// Hash of the first `length` bytes of `data`.
    public static long hash(byte[] data, int length) {
        if (length <= 16) {
            return hashUpTo16(data, length);
        }
        if (length <= 128) {
            return hashUpTo128(data, length);
        }
        return length <= 240 ? hashUpTo240(data, length) : hashLong(data, length);
    }

    private static long hashUpTo16(byte[] data, int length) {
        if (length > 8) {
            long flipLow = secretLong(24) ^ secretLong(32);
            long flipHigh = secretLong(40) ^ secretLong(48);
            long low = readLong(data, 0) ^ flipLow;
            long high = readLong(data, length - 8) ^ flipHigh;
            return avalanche(length + Long.reverseBytes(low) + high + mulFold(low, high));
        }
        if (length >= 4) {
            long first = readInt(data, 0);
            long last = readInt(data, length - 4);
            long combined = last + (first << 32);
            return rrmxmx(combined ^ (secretLong(8) ^ secretLong(16)), length);
        }
        if (length > 0) {
            int first = data[0] & 0xff;
            int middle = data[length >> 1] & 0xff;
            int last = data[length - 1] & 0xff;
            long combined = ((first << 16) | (middle << 24) | last | (length << 8)) & 0xffffffffL;
            long flip = (readInt(SECRET, 0) ^ readInt(SECRET, 4)) & 0xffffffffL;
            return xxh64Avalanche(combined ^ flip);
        }
        return xxh64Avalanche(secretLong(56) ^ secretLong(64));
    }

    private static long hashUpTo128(byte[] data, int length) {
        long sum = length * PRIME64_1;
        for (int i = (length - 1) / 32; i >= 0; i--) {
            sum += mix16(data, 16 * i, 32 * i);
            sum += mix16(data, length - 16 * (i + 1), 32 * i + 16);
        }
        return avalanche(sum);
    }

    private static long hashUpTo240(byte[] data, int length) {
        long sum = length * PRIME64_1;
        for (int i = 0; i < 8; i++) {
            sum += mix16(data, 16 * i, 16 * i);
        }
        sum = avalanche(sum);
        for (int i = 8; i < length / 16; i++) {
            sum += mix16(data, 16 * i, 16 * (i - 8) + 3);
        }
        sum += mix16(data, length - 16, 136 - 17);
        return avalanche(sum);
    }

    private static long hashLong(byte[] data, int length) {
        long[] lanes = {
            PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1
        };
        int stripesPerBlock = (SECRET.length - STRIPE_BYTES) / SECRET_STEP;
        int blockBytes = STRIPE_BYTES * stripesPerBlock;
        int blocks = (length - 1) / blockBytes;
        for (int block = 0; block < blocks; block++) {
            for (int stripe = 0; stripe < stripesPerBlock; stripe++) {
                accumulate(
                        lanes,
                        data,
                        block * blockBytes + stripe * STRIPE_BYTES,
                        stripe * SECRET_STEP);
            }
            scramble(lanes);
        }
        int stripes = (length - 1 - blockBytes * blocks) / STRIPE_BYTES;
        for (int stripe = 0; stripe < stripes; stripe++) {
            accumulate(
                    lanes, data, blocks * blockBytes + stripe * STRIPE_BYTES, stripe * SECRET_STEP);
        }
        accumulate(lanes, data, length - STRIPE_BYTES, SECRET.length - STRIPE_BYTES - 7);
        return merge(lanes, length * PRIME64_1);
    }

    private static void accumulate(long[] lanes, byte[] data, int offset, int secretOffset) {
        for (int i = 0; i < 8; i++) {
            long value = readLong(data, offset + 8 * i);
            long key = value ^ secretLong(secretOffset + 8 * i);
            lanes[i ^ 1] += value;
            lanes[i] += (key & 0xffffffffL) * (key >>> 32);
        }
    }

    private static void scramble(long[] lanes) {
        for (int i = 0; i < 8; i++) {
            long lane = lanes[i];
            lane ^= lane >>> 47;
            lane ^= secretLong(SECRET.length - STRIPE_BYTES + 8 * i);
            lanes[i] = lane * PRIME32_1;
        }
    }

    private static long merge(long[] lanes, long start) {
        long result = start;
        for (int i = 0; i < 4; i++) {
            result +=
                    mulFold(
                            lanes[2 * i] ^ secretLong(11 + 16 * i),
                            lanes[2 * i + 1] ^ secretLong(11 + 16 * i + 8));
        }
        return avalanche(result);
    }

    private static long mix16(byte[] data, int offset, int secretOffset) {
        return mulFold(
                readLong(data, offset) ^ secretLong(secretOffset),
                readLong(data, offset + 8) ^ secretLong(secretOffset + 8));
    }

    private static long mulFold(long left, long right) {
        return (left * right) ^ Math.unsignedMultiplyHigh(left, right);
    }

    private static long avalanche(long hash) {
        long h = hash;
        h ^= h >>> 37;
        h *= PRIME_MX1;
        return h ^ (h >>> 32);
    }

    private static long xxh64Avalanche(long hash) {
        long h = hash;
        h ^= h >>> 33;
        h *= PRIME64_2;
        h ^= h >>> 29;
        h *= PRIME64_3;
        return h ^ (h >>> 32);
    }

    private static long rrmxmx(long hash, int length) {
        long h = hash;
        h ^= Long.rotateLeft(h, 49) ^ Long.rotateLeft(h, 24);
        h *= PRIME_MX2;
        h ^= (h >>> 35) + length;
        h *= PRIME_MX2;
        return h ^ (h >>> 28);
    }

    private static long secretLong(int offset) {
        return (long) LONG.get(SECRET, offset);
    }

    private static long readLong(byte[] data, int offset) {
        return (long) LONG.get(data, offset);
    }

    private static long readInt(byte[] data, int offset) {
        return (int) INT.get(data, offset) & 0xffffffffL;
    }
}
