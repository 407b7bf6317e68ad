package dev.muster.agent.exposition;

import dev.muster.model.sample.Staleness;
import java.nio.charset.StandardCharsets;

/// Reads numbers as both text formats write them: decimal with point and exponent, `Inf`,
/// `Infinity` and `NaN` in any case. No hexadecimal, no underscores, no suffixes.
final class NumberParser {
    /// Bits of the answer for a text that is no number: a NaN that no text yields.
    static final long INVALID_BITS = 0x7ff80000deadbeefL;

    /// Bits of the answer for a number that no double is near enough to.
    static final long OVERFLOW_BITS = 0x7ff80000deadbef0L;

    private static final double INVALID = Double.longBitsToDouble(INVALID_BITS);
    private static final double OVERFLOW = Double.longBitsToDouble(OVERFLOW_BITS);
    private static final double NAN = Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS);

    /*
     * Clinger's fast path [1]: integers up to 2^53 and powers of ten up to 10^22 are doubles without
     * error, so that one multiplication or division rounds only once, to the nearest double.
     *
     * [1] William D. Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990.
     */
    private static final long EXACT_DIGITS = 1L << 53;
    private static final double[] POWERS = new double[23];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    /// More digits than this may not fit an unsigned long.
    private static final int DIGITS_LIMIT = 19;

    /// Exponents beyond are cut: they are zero or infinite whatever the digits.
    private static final int EXPONENT_LIMIT = 100_000;

    private NumberParser() {}

    /// The number, or a NaN with [#INVALID_BITS] or [#OVERFLOW_BITS]. An ordinary NaN has
    /// [Staleness#NORMAL_NAN_BITS].
    static double parse(byte[] bytes, int from, int to) {
        int at = from;
        boolean negative = false;
        if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
            negative = bytes[at] == '-';
            at++;
        }
        long digits = 0;
        int count = 0;
        int significant = 0;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            digits = 10 * digits + digit;
            count++;
            significant += significant > 0 || digit > 0 ? 1 : 0;
        }
        int exponent = 0;
        if (at < to && bytes[at] == '.') {
            int point = ++at;
            for (; at < to; at++) {
                int digit = bytes[at] - '0';
                if (digit < 0 || digit > 9) {
                    break;
                }
                digits = 10 * digits + digit;
                count++;
                significant += significant > 0 || digit > 0 ? 1 : 0;
            }
            exponent = point - at;
        }
        if (count == 0) {
            return special(bytes, from, to);
        }
        if (at < to) {
            int written = writtenExponent(bytes, at, to);
            if (written == Integer.MIN_VALUE) {
                return INVALID;
            }
            exponent += written;
        }
        if (significant <= DIGITS_LIMIT) {
            double value = rounded(digits, exponent);
            if (!Double.isNaN(value)) {
                return negative ? -value : value;
            }
        }
        return general(bytes, from, to);
    }

    /// The double nearest to digits × 10^exponent; NaN where only the general way tells.
    ///
    /// @param digits unsigned
    private static double rounded(long digits, int exponent) {
        if (digits == 0) {
            return 0;
        }
        if (digits > 0 && digits <= EXACT_DIGITS && exponent >= -22 && exponent <= 22) {
            return exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        }
        long bits = DecimalRounding.round(digits, exponent);
        return bits == -1 ? Double.NaN : Double.longBitsToDouble(bits);
    }

    /// Is it one of the two answers that are no number?
    static boolean isNumber(double answer) {
        long bits = Double.doubleToRawLongBits(answer);
        return bits != INVALID_BITS && bits != OVERFLOW_BITS;
    }

    /// The exponent that starts at `from`; the least int where it is not one.
    private static int writtenExponent(byte[] bytes, int from, int to) {
        int at = from;
        if (bytes[at] != 'e' && bytes[at] != 'E') {
            return Integer.MIN_VALUE;
        }
        at++;
        boolean negative = false;
        if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
            negative = bytes[at] == '-';
            at++;
        }
        if (at == to) {
            return Integer.MIN_VALUE;
        }
        int exponent = 0;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE;
            }
            exponent = Math.min(10 * exponent + digit, EXPONENT_LIMIT);
        }
        return negative ? -exponent : exponent;
    }

    /// The grammar is checked, so only the JDK's opinion of the value is asked.
    private static double general(byte[] bytes, int from, int to) {
        double value =
                Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        return Double.isInfinite(value) ? OVERFLOW : value;
    }

    private static double special(byte[] bytes, int from, int to) {
        if (equalIgnoringCase(bytes, from, to, "nan")) {
            return NAN;
        }
        if (from == to) {
            return INVALID;
        }
        boolean signed = bytes[from] == '-' || bytes[from] == '+';
        int start = signed ? from + 1 : from;
        if (equalIgnoringCase(bytes, start, to, "inf")
                || equalIgnoringCase(bytes, start, to, "infinity")) {
            return bytes[from] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return INVALID;
    }

    private static boolean equalIgnoringCase(byte[] bytes, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if ((bytes[from + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
