package dev.muster.query.template;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Number constants as Go writes them: a [Long] where it can be one, or a [Double].
final class Numbers {
    private Numbers() {}

    /// Null for what is no number.
    static @Nullable Object parse(String text) {
        String sign = text.startsWith("-") ? "-" : "";
        String plain = text.replaceFirst("^[-+]", "").toLowerCase(Locale.ROOT);
        try {
            if (plain.matches("0x[0-9a-f_]+")) {
                return integer(sign, plain.substring(2), 16);
            }
            if (plain.matches("0b[01_]+")) {
                return integer(sign, plain.substring(2), 2);
            }
            if (plain.matches("0o?[0-7_]+")) {
                return integer(sign, plain.replaceFirst("^0o?", ""), 8);
            }
            if (plain.matches("[1-9][0-9_]*|0")) {
                return integer(sign, plain, 10);
            }
            if (plain.matches(
                    "[0-9][0-9_]*\\.?[0-9_]*(e[-+]?[0-9_]+)?|\\.[0-9_]+(e[-+]?[0-9_]+)?")) {
                return Double.parseDouble(sign + plain.replace("_", ""));
            }
        } catch (NumberFormatException | ArithmeticException _) {
            return null;
        }
        return null;
    }

    private static Object integer(String sign, String digits, int base) {
        return new BigInteger(sign + digits.replace("_", ""), base).longValueExact();
    }
}
