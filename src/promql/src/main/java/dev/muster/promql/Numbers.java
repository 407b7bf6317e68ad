package dev.muster.promql;

import dev.muster.model.sample.Staleness;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as the language reads, prints and computes them where Java differs from Go.
final class Numbers {
    private Numbers() {}

    /// The value of a number token: integers of any base that Go knows, among them octal with a
    /// leading zero, then floats.
    ///
    /// @throws NumberFormatException if it is none
    static double parse(String text) {
        String plain = text.replace("_", "");
        switch (plain.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case "nan" -> {
                return NAN;
            }
            default -> {
                if (isPrefixed(plain, 'x')) {
                    return integer(plain.substring(2), 16);
                }
                if (plain.length() > 1 && plain.matches("0[0-7]+")) {
                    return integer(plain.substring(1), 8);
                }
                return Double.parseDouble(plain);
            }
        }
    }

    /// The value of a text that is a decimal float and nothing else, such as that of a label `le`.
    ///
    /// @throws NumberFormatException if it is none
    static double parseFloat(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case "nan" -> {
                return NAN;
            }
            default -> {
                for (int i = 0; i < text.length(); i++) {
                    if ("0123456789.eE+-".indexOf(text.charAt(i)) < 0) {
                        throw new NumberFormatException("not a float: text=" + text);
                    }
                }
                return Double.parseDouble(text);
            }
        }
    }

    private static boolean isPrefixed(String text, char letter) {
        return text.length() > 2
                && text.charAt(0) == '0'
                && Character.toLowerCase(text.charAt(1)) == letter;
    }

    private static double integer(String digits, int base) {
        return new BigInteger(digits, base).doubleValue();
    }

    /// The NaN that computations yield.
    static final double NAN = Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS);

    /// All digits and no exponent: `0.000001`, `+Inf`, `NaN`.
    static String plain(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        String text = new BigDecimal(Double.toString(value)).toPlainString();
        if (text.indexOf('.') >= 0) {
            int end = text.length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            if (text.charAt(end - 1) == '.') {
                end--;
            }
            return text.substring(0, end);
        }
        return text;
    }

    /// Milliseconds as seconds with three digits after the point.
    static String milliseconds(long ms) {
        return BigDecimal.valueOf(ms, 3).toPlainString();
    }

    /// As Go's `%g`: with an exponent below 1e-04 and from 1e+06 on.
    static String general(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return plain(value);
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        if (exponent >= -4 && exponent < 6) {
            return plain(value);
        }
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value < 0 ? "-" : "")
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    /// Rounded to two significant digits.
    static double twoDigits(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).round(new MathContext(2)).doubleValue()
                : value;
    }

    /// As Go: 1 to any power, and -1 to an infinite one, is 1.
    static double pow(double base, double exponent) {
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        return Math.pow(base, exponent);
    }

    /// As Go: an infinity wins over NaN.
    static double max(double a, double b) {
        if (a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(a, b);
    }

    /// As Go: an infinity wins over NaN.
    static double min(double a, double b) {
        if (a == Double.NEGATIVE_INFINITY || b == Double.NEGATIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        return Math.min(a, b);
    }
}
