package dev.muster.agent.exposition;

import java.nio.charset.StandardCharsets;

/// Writes numbers as expositions by Prometheus' Go library do: the shortest decimal digits that
/// read back as the same double, an exponent from 1e+06 and below 1e-04.
final class NumberText {
    /// Longest text of a number: sign, 17 digits, point, `e-324`.
    static final int LENGTH_LIMIT = 26;

    private static final long[] POWERS = new long[16];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    /// Most fraction digits that are tried before the general algorithm is asked.
    private static final int FRACTION_LIMIT = 9;

    /// From this power of ten on, numbers are written with an exponent.
    private static final int PLAIN_LIMIT = 6;

    private NumberText() {}

    /// The bound of a bucket or the quantile of a summary, as OpenMetrics and Prometheus write it:
    /// with a point or an exponent, so that `1` and `1.0` are the same series.
    static String bound(double value) {
        byte[] text = new byte[LENGTH_LIMIT];
        int length = write(value, text, 0);
        boolean whole = true;
        for (int i = 0; i < length; i++) {
            whole &= Bytes.isDigit(text[i]) || text[i] == '-';
        }
        return new String(text, 0, length, StandardCharsets.ISO_8859_1) + (whole ? ".0" : "");
    }

    /// The same for a number as exposed; a text that is none stays as it is.
    static String bound(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        double value = NumberParser.parse(bytes, 0, bytes.length);
        return NumberParser.isNumber(value) ? bound(value) : text;
    }

    /// Writes `value` at `offset`; there must be room for [#LENGTH_LIMIT] bytes.
    ///
    /// @return the offset after the text
    static int write(double value, byte[] target, int offset) {
        if (Double.isNaN(value)) {
            return ascii("NaN", target, offset);
        }
        if (Double.isInfinite(value)) {
            return ascii(value > 0 ? "+Inf" : "-Inf", target, offset);
        }
        int at = offset;
        if (Double.doubleToRawLongBits(value) < 0) {
            target[at++] = '-';
        }
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            target[at++] = '0';
            return at;
        }
        /*
         * A decimal of at most 15 digits is the only one of that length that reads as its double. So
         * where digits / 10^fraction is the value, and the fraction is the shortest of that kind,
         * these are the shortest digits. The division is exact to the last bit, because both sides
         * are integers below 2^53.
         */
        for (int fraction = 0; fraction <= FRACTION_LIMIT; fraction++) {
            double scaled = Math.rint(magnitude * POWERS[fraction]);
            if (scaled >= 1e15) {
                break;
            }
            if (scaled > 0 && scaled / POWERS[fraction] == magnitude) {
                return digits((long) scaled, fraction, target, at);
            }
        }
        return general(magnitude, target, at);
    }

    /// Writes digits × 10^-fraction.
    private static int digits(long digits, int fraction, byte[] target, int offset) {
        long significant = digits;
        int exponent = -fraction;
        while (significant % 10 == 0) {
            significant /= 10;
            exponent++;
        }
        return layOut(significant, exponent, target, offset);
    }

    private static int general(double magnitude, byte[] target, int offset) {
        String text = Double.toString(magnitude);
        long significant = 0;
        int exponent = 0;
        boolean point = false;
        int i = 0;
        for (; i < text.length() && text.charAt(i) != 'E'; i++) {
            if (text.charAt(i) == '.') {
                point = true;
            } else {
                significant = 10 * significant + (text.charAt(i) - '0');
                exponent -= point ? 1 : 0;
            }
        }
        if (i < text.length()) {
            exponent += Integer.parseInt(text, i + 1, text.length(), 10);
        }
        // the JDK writes two digits of the smallest subnormals where one is enough
        if (magnitude == Double.MIN_VALUE) {
            return layOut(5, -324, target, offset);
        }
        while (significant % 10 == 0) {
            significant /= 10;
            exponent++;
        }
        return layOut(significant, exponent, target, offset);
    }

    /// @param significant digits without trailing zeros
    private static int layOut(long significant, int exponent, byte[] target, int offset) {
        int count = digitCount(significant);
        int scientific = exponent + count - 1;
        if (scientific < -4 || scientific >= PLAIN_LIMIT) {
            return withExponent(significant, count, scientific, target, offset);
        }
        int at = offset;
        if (scientific < 0) {
            target[at++] = '0';
            target[at++] = '.';
            for (int i = -1; i > scientific; i--) {
                target[at++] = '0';
            }
            return plain(significant, count, target, at);
        }
        if (exponent >= 0) {
            at = plain(significant, count, target, at);
            for (int i = 0; i < exponent; i++) {
                target[at++] = '0';
            }
            return at;
        }
        return pointed(significant, count, scientific + 1, target, at);
    }

    private static int withExponent(
            long significant, int count, int scientific, byte[] target, int offset) {
        int at = pointed(significant, count, 1, target, offset);
        target[at++] = 'e';
        target[at++] = (byte) (scientific < 0 ? '-' : '+');
        int magnitude = Math.abs(scientific);
        if (magnitude < 10) {
            target[at++] = '0';
        }
        return plain(magnitude, digitCount(magnitude), target, at);
    }

    /// Writes the digits with a point after the first `whole` of them, where any follow.
    private static int pointed(long digits, int count, int whole, byte[] target, int offset) {
        if (count <= whole) {
            return plain(digits, count, target, offset);
        }
        plain(digits, count, target, offset + 1);
        for (int i = 0; i < whole; i++) {
            target[offset + i] = target[offset + i + 1];
        }
        target[offset + whole] = '.';
        return offset + count + 1;
    }

    /// Writes an integer that is not negative.
    static int plain(long digits, int count, byte[] target, int offset) {
        long rest = digits;
        for (int i = offset + count - 1; i >= offset; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return offset + count;
    }

    static int digitCount(long digits) {
        int count = 1;
        for (long rest = digits; rest >= 10; rest /= 10) {
            count++;
        }
        return count;
    }

    private static int ascii(String text, byte[] target, int offset) {
        for (int i = 0; i < text.length(); i++) {
            target[offset + i] = (byte) text.charAt(i);
        }
        return offset + text.length();
    }
}
