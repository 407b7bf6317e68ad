package dev.muster.agent.exposition;

import java.math.BigInteger;

/// Rounds digits × 10^exponent to the nearest double without allocating, where 128 bits of a power
/// of five decide it, which is nearly always.
final class DecimalRounding {
    /*
     * The algorithm of Eisel and Lemire [1]: the digits, shifted so that their top bit is set, times
     * the top 128 bits of 5^exponent. The product's top bits are the mantissa; what is cut off can
     * only matter where the bits below it are all ones, and then nothing is answered. Ties are
     * possible only for small exponents, where the product is exact.
     *
     * [1] Daniel Lemire, Number Parsing at a Gigabyte per Second, Software: Practice and Experience
     *     51 (8), 2021, sections 5 to 8.
     */
    private static final int LEAST_EXPONENT = -342;
    private static final int GREATEST_EXPONENT = 308;

    /// High and low words of the powers, two of each exponent.
    private static final long[] POWERS = powers();

    private static final int MANTISSA_BITS = 52;

    /// Bits of the product's high word below mantissa, rounding bit and one to spare.
    private static final long SPARE_MASK = -1L >>> (MANTISSA_BITS + 3);

    private DecimalRounding() {}

    private static long[] powers() {
        long[] words = new long[2 * (GREATEST_EXPONENT - LEAST_EXPONENT + 1)];
        BigInteger five = BigInteger.ONE;
        for (int exponent = 0; exponent <= -LEAST_EXPONENT; exponent++) {
            if (exponent <= GREATEST_EXPONENT) {
                store(words, exponent, shift(five));
            }
            if (exponent > 0) {
                store(words, -exponent, reciprocal(five, exponent));
            }
            five = five.multiply(BigInteger.valueOf(5));
        }
        return words;
    }

    private static void store(long[] words, int exponent, BigInteger power) {
        int index = 2 * (exponent - LEAST_EXPONENT);
        words[index] = power.shiftRight(64).longValue();
        words[index + 1] = power.longValue();
    }

    /// The top 128 bits, cut off below.
    private static BigInteger shift(BigInteger power) {
        int excess = power.bitLength() - 128;
        return excess > 0 ? power.shiftRight(excess) : power.shiftLeft(-excess);
    }

    /// The top 128 bits of 1 / power, rounded up.
    private static BigInteger reciprocal(BigInteger power, int exponent) {
        int bits = power.subtract(BigInteger.ONE).bitLength();
        int scale = exponent <= 27 ? bits + 127 : 2 * bits + 128;
        return shift(BigInteger.ONE.shiftLeft(scale).divide(power).add(BigInteger.ONE));
    }

    /// The bits of the double nearest to digits × 10^exponent; -1 where another way must decide,
    /// subnormal and infinite doubles among that.
    ///
    /// @param digits unsigned, not 0
    static long round(long digits, int exponent) {
        if (exponent < LEAST_EXPONENT || exponent > GREATEST_EXPONENT) {
            return -1;
        }
        int zeros = Long.numberOfLeadingZeros(digits);
        long shifted = digits << zeros;
        int index = 2 * (exponent - LEAST_EXPONENT);
        long high = Math.unsignedMultiplyHigh(shifted, POWERS[index]);
        long low = shifted * POWERS[index];
        if ((high & SPARE_MASK) == SPARE_MASK) {
            long more = Math.unsignedMultiplyHigh(shifted, POWERS[index + 1]);
            low += more;
            if (Long.compareUnsigned(more, low) > 0) {
                high++;
            }
            if (low == -1 && (exponent < -27 || exponent > 55)) {
                return -1;
            }
        }
        return assemble(high, low, exponent, zeros);
    }

    private static long assemble(long high, long low, int exponent, int zeros) {
        int top = (int) (high >>> 63);
        int cut = top + 64 - MANTISSA_BITS - 3;
        long mantissa = high >>> cut;
        // 217706 / 2^16 is log2(10), exact enough for all exponents
        int binary = ((217706 * exponent) >> 16) + 63 + 1023 + top - zeros;
        if (binary <= 0) {
            return -1;
        }
        boolean tie =
                Long.compareUnsigned(low, 1) <= 0
                        && exponent >= -4
                        && exponent <= 23
                        && (mantissa & 3) == 1
                        && mantissa << cut == high;
        if (tie) {
            mantissa &= ~1L;
        }
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        if (mantissa >= 2L << MANTISSA_BITS) {
            mantissa = 1L << MANTISSA_BITS;
            binary++;
        }
        if (binary >= 0x7ff) {
            return -1;
        }
        return (mantissa & ~(1L << MANTISSA_BITS)) | ((long) binary << MANTISSA_BITS);
    }
}
