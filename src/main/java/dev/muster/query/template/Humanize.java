package dev.muster.query.template;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers for people, as Prometheus writes them.
final class Humanize {
    private static final String[] LARGE = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    private static final String[] SMALL = {"m", "u", "n", "p", "f", "a", "z", "y"};
    private static final String[] BINARY = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};

    private Humanize() {}

    /// The number that a value is or writes.
    static double toNumber(@Nullable Object value) throws TemplateException {
        return switch (value) {
            case Double number -> number;
            case Long number -> number;
            case String text -> parse(text);
            case null -> throw new TemplateException("can't convert <nil> to float");
            default ->
                    throw new TemplateException(
                            "can't convert " + GoText.type(value) + " to float");
        };
    }

    private static double parse(String text) throws TemplateException {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case "nan" -> {
                return Double.NaN;
            }
            default -> {}
        }
        try {
            if (text.matches("[-+0-9.eE]+")) {
                return Double.parseDouble(text);
            }
            if (text.matches("[-+]?0[xX][0-9a-fA-F.]+[pP][-+]?[0-9]+")) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException _) {
            // said below, as for every other text
        }
        throw new TemplateException(
                "strconv.ParseFloat: parsing " + GoText.quoted(text) + ": invalid syntax");
    }

    private static String four(double number) {
        return GoText.number(number, 'g', 4);
    }

    static String number(double number) {
        if (number == 0 || !Double.isFinite(number)) {
            return four(number);
        }
        return Math.abs(number) >= 1 ? scaled(number, LARGE, 1000) : small(number);
    }

    private static String scaled(double number, String[] prefixes, double step) {
        String prefix = "";
        double rest = number;
        for (String next : prefixes) {
            if (Math.abs(rest) < step) {
                break;
            }
            prefix = next;
            rest /= step;
        }
        return four(rest) + prefix;
    }

    private static String small(double number) {
        String prefix = "";
        double rest = number;
        for (String next : SMALL) {
            if (Math.abs(rest) >= 1) {
                break;
            }
            prefix = next;
            rest *= 1000;
        }
        return four(rest) + prefix;
    }

    static String binary(double number) {
        return Math.abs(number) <= 1 || !Double.isFinite(number)
                ? four(number)
                : scaled(number, BINARY, 1024);
    }

    static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return four(seconds);
        }
        if (seconds == 0) {
            return four(seconds) + "s";
        }
        if (Math.abs(seconds) < 1) {
            return small(seconds) + "s";
        }
        String sign = seconds < 0 ? "-" : "";
        double size = Math.abs(seconds);
        long whole = (long) size;
        long second = whole % 60;
        long minute = whole / 60 % 60;
        long hour = whole / 3600 % 24;
        long day = whole / 86_400;
        if (day != 0) {
            return sign + day + "d " + hour + "h " + minute + "m " + second + "s";
        }
        if (hour != 0) {
            return sign + hour + "h " + minute + "m " + second + "s";
        }
        if (minute != 0) {
            return sign + minute + "m " + second + "s";
        }
        return sign + four(size) + "s";
    }

    static String percentage(double ratio) {
        return four(ratio * 100) + "%";
    }

    static String timestamp(double seconds) throws TemplateException {
        return Double.isFinite(seconds) ? time(seconds).toString() : four(seconds);
    }

    static GoTime time(double seconds) throws TemplateException {
        if (!Double.isFinite(seconds)) {
            throw new TemplateException("value is NaN or Inf");
        }
        if (Math.abs(seconds) * 1e9 >= 9.223372036854775807e18) {
            throw new TemplateException(
                    GoText.number(seconds, 'g', -1)
                            + " cannot be represented as a nanoseconds timestamp since it overflows"
                            + " int64");
        }
        return GoTime.ofSeconds(seconds);
    }
}
