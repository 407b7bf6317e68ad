package dev.muster.query.api;

/// Numbers as Prometheus prints them: the shortest decimal that reads back as the same double,
/// plain from 1e-6 up to below 1e21 and with an exponent of at least two digits beyond.
///
/// The texts are those of Go's `strconv.AppendFloat(x, 'f' or 'e', -1, 64)`.
final class GoNumbers {
    /*
     * Double.toString finds the shortest digits too (JDK-4511638), with one difference: it prefers two digits to one
     * where both read back as the same double, such as 4.9E-324 for 5e-324. `oneDigit` takes that back.
     */
    private static final double PLAIN_FROM = 1e-6;
    private static final double PLAIN_BELOW = 1e21;

    private static final double GENERAL_FROM = 1e-4;
    private static final double GENERAL_BELOW = 1e6;

    /// From here up to below the other, Java has no exponent, and what is no integer has the same
    /// text.
    private static final double SAME_FROM = 1e-3;

    private static final double SAME_BELOW = 1e7;

    /// Integers up to here are exact in a double, and in the text of a long.
    private static final double EXACT = 1L << 53;

    private GoNumbers() {}

    /// The text of a sample's value, without quotes.
    static String text(double value) {
        if (value == (long) value && Math.abs(value) < EXACT) {
            return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
        }
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        double size = Math.abs(value);
        if (size >= SAME_FROM && size < SAME_BELOW) {
            return Double.toString(value);
        }
        return finite(value, size < PLAIN_FROM || size >= PLAIN_BELOW);
    }

    /// Is the value one that [Long#toString] prints as Prometheus does?
    static boolean isWhole(double value) {
        return value == (long) value && Math.abs(value) < EXACT && (value != 0 || 1 / value > 0);
    }

    /// The text as expositions have it: with an exponent from a million up, and below a ten
    /// thousandth. Those of Go's `strconv.AppendFloat(x, 'g', -1, 64)`.
    static String general(double value) {
        double size = Math.abs(value);
        if (size < GENERAL_BELOW || !Double.isFinite(value)) {
            return size < GENERAL_FROM && size > 0 ? finite(value, true) : text(value);
        }
        return finite(value, true);
    }

    /// Seconds with milliseconds, such as `1700000000` or `1700000000.050`.
    static String seconds(long timestampMs) {
        StringBuilder text = new StringBuilder(16);
        if (timestampMs < 0) {
            text.append('-');
        }
        text.append(Math.abs(timestampMs / 1_000));
        long fraction = Math.abs(timestampMs % 1_000);
        if (fraction != 0) {
            text.append('.')
                    .append((char) ('0' + fraction / 100))
                    .append((char) ('0' + fraction / 10 % 10))
                    .append((char) ('0' + fraction % 10));
        }
        return text.toString();
    }

    private static String finite(double value, boolean exponential) {
        String java = Double.toString(Math.abs(value));
        int mark = java.indexOf('E');
        int point = java.indexOf('.');
        int exponent = mark < 0 ? 0 : Integer.parseInt(java.substring(mark + 1));
        String fraction = java.substring(point + 1, mark < 0 ? java.length() : mark);
        String all = java.substring(0, point) + fraction;
        int first = 0;
        while (all.charAt(first) == '0') {
            first++;
        }
        int last = all.length();
        while (all.charAt(last - 1) == '0') {
            last--;
        }
        // the value is 0.DIGITS * 10^scale
        int scale = point - first + exponent;
        String digits = all.substring(first, last);
        if (digits.length() == 2) {
            String one = oneDigit(digits, scale, Math.abs(value));
            if (one.equals("10")) {
                digits = "1";
                scale++;
            } else {
                digits = one;
            }
        }
        StringBuilder text = new StringBuilder(24);
        if (value < 0) {
            text.append('-');
        }
        if (exponential) {
            exponential(text, digits, scale - 1);
        } else {
            plain(text, digits, scale);
        }
        return text.toString();
    }

    /// The nearer of the one-digit neighbours that reads back as `size`, else the digits as they
    /// are. `10` stands for a carry.
    private static String oneDigit(String digits, int scale, double size) {
        int tens = digits.charAt(0) - '0';
        boolean up = digits.charAt(1) >= '5';
        for (int candidate : new int[] {up ? tens + 1 : tens, up ? tens : tens + 1}) {
            if (candidate > 0 && Double.parseDouble(candidate + "E" + (scale - 1)) == size) {
                return Integer.toString(candidate);
            }
        }
        return digits;
    }

    private static void exponential(StringBuilder text, String digits, int exponent) {
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            text.append('0');
        }
        text.append(size);
    }

    private static void plain(StringBuilder text, String digits, int scale) {
        if (scale <= 0) {
            text.append("0.").repeat('0', -scale).append(digits);
        } else if (scale >= digits.length()) {
            text.append(digits).repeat('0', scale - digits.length());
        } else {
            text.append(digits, 0, scale).append('.').append(digits, scale, digits.length());
        }
    }
}
