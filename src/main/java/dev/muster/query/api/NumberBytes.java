package dev.muster.query.api;

import java.nio.charset.StandardCharsets;

/// Writes numbers as Prometheus prints them into bytes, mostly without a text in between.
final class NumberBytes {
    /*
     * A double that is the nearest to n / 10^6, where n has at most 15 digits, has no shorter decimal than that, as two
     * decimals of at most 15 digits are never read as the same double. So its digits are those of n, without the zeros at
     * their end.
     */
    static final int MOST_BYTES = 32;

    private static final double MILLIONTHS = 1e6;
    private static final double FIFTEEN_DIGITS = 1e15;
    private static final long MILLION = 1_000_000;
    private static final int HUNDRED = 100;

    /// `00` to `99`.
    private static final byte[] PAIRS = pairs();

    private NumberBytes() {}

    private static byte[] pairs() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < HUNDRED; i++) {
            text.append(i / 10).append(i % 10);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// Writes the text of a double.
    ///
    /// @param at where; there is room for [#MOST_BYTES]
    /// @return where it ends; -1 if it has none that is written here, and [GoNumbers#text] is to be
    ///   asked
    static int write(double value, byte[] into, int at) {
        if (GoNumbers.isWhole(value)) {
            return write((long) value, into, at);
        }
        double scaled = Math.rint(value * MILLIONTHS);
        double size = Math.abs(scaled);
        if (!(size < FIFTEEN_DIGITS) || size == 0 || scaled / MILLIONTHS != value) {
            return -1;
        }
        int next = at;
        if (value < 0) {
            into[next++] = '-';
        }
        long digits = (long) size;
        next = write(digits / MILLION, into, next);
        into[next++] = '.';
        int fraction = (int) (digits % MILLION);
        pair(fraction / 10_000, into, next);
        pair(fraction / HUNDRED % HUNDRED, into, next + 2);
        pair(fraction % HUNDRED, into, next + 4);
        next += 6;
        while (into[next - 1] == '0') {
            next--;
        }
        return next;
    }

    /// Writes a whole number.
    ///
    /// @return where it ends
    static int write(long number, byte[] into, int at) {
        int next = at;
        if (number < 0) {
            into[next++] = '-';
        }
        long rest = Math.abs(number);
        int end = next + digits(rest);
        int place = end;
        while (rest > Integer.MAX_VALUE) {
            long quotient = rest / HUNDRED;
            place -= 2;
            pair((int) (rest - quotient * HUNDRED), into, place);
            rest = quotient;
        }
        int small = (int) rest;
        while (small >= HUNDRED) {
            int quotient = small / HUNDRED;
            place -= 2;
            pair(small - quotient * HUNDRED, into, place);
            small = quotient;
        }
        if (small >= 10) {
            pair(small, into, place - 2);
        } else {
            into[place - 1] = (byte) ('0' + small);
        }
        return end;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long bound = 10; number >= bound && digits < 18; bound *= 10) {
            digits++;
        }
        return number >= 1_000_000_000_000_000_000L ? 19 : digits;
    }

    private static void pair(int number, byte[] into, int at) {
        into[at] = PAIRS[2 * number];
        into[at + 1] = PAIRS[2 * number + 1];
    }

    /// Writes a time as seconds with milliseconds, such as `1700000000` or `1700000000.050`.
    ///
    /// @param timestampMs at least 0
    /// @return where it ends
    static int writeSeconds(long timestampMs, byte[] into, int at) {
        int next = write(timestampMs / 1_000, into, at);
        int fraction = (int) (timestampMs % 1_000);
        if (fraction != 0) {
            into[next] = '.';
            into[next + 1] = (byte) ('0' + fraction / HUNDRED);
            pair(fraction % HUNDRED, into, next + 2);
            next += 4;
        }
        return next;
    }
}
