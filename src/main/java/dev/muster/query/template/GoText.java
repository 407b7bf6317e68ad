package dev.muster.query.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values as Go's `fmt` prints them.
public final class GoText {
    private GoText() {}

    /// A value as `%v`.
    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Double number -> number(number, 'g', -1);
            case Methods with -> with.value() == null ? with.toString() : of(with.value());
            case Words words -> map(words.entries());
            case Map<?, ?> map -> map(map);
            case List<?> list ->
                    list.stream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
            case QuerySample(Words labels, double number) ->
                    "&{" + of(labels) + " " + of(number) + "}";
            case Fields fields ->
                    fields.values().values().stream()
                            .map(GoText::of)
                            .collect(Collectors.joining(" ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String map(Map<?, ?> map) {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(of(key), of(value)));
        return sorted.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(" ", "map[", "]"));
    }

    /// Name of a value's type in Go.
    static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "float64";
            case String _ -> "string";
            case Words _ -> "map[string]string";
            case Map<?, ?> _ -> "map[string]interface {}";
            case List<?> _ -> "template.queryResult";
            case QuerySample _ -> "*template.sample";
            case Methods with -> with.type();
            case Fields fields -> fields.type();
            default -> value.getClass().getSimpleName();
        };
    }

    /// As `Print` joins them: spaces between operands that are both no text.
    static String print(List<@Nullable Object> values) {
        StringBuilder text = new StringBuilder();
        boolean before = true;
        for (Object value : values) {
            boolean string = value instanceof String;
            if (!text.isEmpty() && !string && !before) {
                text.append(' ');
            }
            text.append(of(value));
            before = string;
        }
        return text.toString();
    }

    /// A float as `strconv.FormatFloat` has it.
    ///
    /// @param verb `e`, `f`, `g`, or one of them in upper case
    /// @param precision digits after the point, or all digits for `g`; -1 for as few as say it
    public static String number(double value, char verb, int precision) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean negative = value < 0 || (value == 0 && 1 / value < 0);
        double size = Math.abs(value);
        String text =
                switch (Character.toLowerCase(verb)) {
                    case 'e' -> exponential(size, precision);
                    case 'f' -> fixed(size, precision);
                    default -> general(size, precision);
                };
        String signed = negative ? "-" + text : text;
        return Character.isUpperCase(verb) ? signed.toUpperCase(Locale.ROOT) : signed;
    }

    private static BigDecimal shortest(double size) {
        return size == 0
                ? BigDecimal.ZERO
                : new BigDecimal(Double.toString(size)).stripTrailingZeros();
    }

    private static String fixed(double size, int precision) {
        return precision < 0
                ? trimmed(shortest(size).toPlainString())
                : new BigDecimal(size).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String trimmed(String plain) {
        return plain.indexOf('.') < 0
                ? plain
                : plain.replaceFirst("0+$", "").replaceFirst("\\.$", "");
    }

    private static String exponential(double size, int precision) {
        if (precision < 0) {
            return scientific(shortest(size), -1);
        }
        return size == 0
                ? scientific(BigDecimal.ZERO, precision)
                : scientific(rounded(size, precision + 1), precision);
    }

    private static BigDecimal rounded(double size, int digits) {
        return new BigDecimal(size).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    /// @param places digits after the point; -1 for those that are there
    private static String scientific(BigDecimal size, int places) {
        String digits = size.unscaledValue().toString();
        int exponent = size.signum() == 0 ? 0 : digits.length() - 1 - size.scale();
        if (places >= 0) {
            digits += "0".repeat(Math.max(0, places + 1 - digits.length()));
            digits = digits.substring(0, places + 1);
        }
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String general(double size, int precision) {
        if (size == 0) {
            return "0";
        }
        int digits = precision == 0 ? 1 : precision;
        BigDecimal decimal =
                (digits < 0 ? shortest(size) : rounded(size, digits)).stripTrailingZeros();
        int count = decimal.unscaledValue().toString().length();
        int exponent = count - 1 - decimal.scale();
        // strconv: the precision decides, but no more digits than there are; 6 for the shortest
        int threshold = digits < 0 ? 6 : digits > count && count > exponent ? count : digits;
        return exponent < -4 || exponent >= threshold
                ? scientific(decimal, -1)
                : decimal.toPlainString();
    }

    /// In double quotes, with Go's escapes.
    public static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '"' -> result.append("\\\"");
                        case '\\' -> result.append("\\\\");
                        case '\n' -> result.append("\\n");
                        case '\r' -> result.append("\\r");
                        case '\t' -> result.append("\\t");
                        case 7 -> result.append("\\a");
                        case '\b' -> result.append("\\b");
                        case '\f' -> result.append("\\f");
                        case 11 -> result.append("\\v");
                        default -> {
                            if (c < 0x20 || c == 0x7f) {
                                result.append(String.format("\\x%02x", c));
                            } else {
                                result.appendCodePoint(c);
                            }
                        }
                    }
                });
        return result.append('"').toString();
    }

    /// The text of a Go literal in any of its quotes; empty if it is none.
    static Optional<String> unquoted(String literal) {
        String inside = literal.substring(1, literal.length() - 1);
        if (literal.charAt(0) == '`') {
            return Optional.of(inside.replace("\r", ""));
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < inside.length()) {
            char c = inside.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            if (i >= inside.length()) {
                return Optional.empty();
            }
            int used = escape(inside, i, literal.charAt(0), text);
            if (used < 0) {
                return Optional.empty();
            }
            i += used;
        }
        return Optional.of(text.toString());
    }

    /// @return how many chars after the backslash belong to it; -1 for no escape
    private static int escape(String text, int at, char quote, StringBuilder into) {
        char c = text.charAt(at);
        int simple = "abfnrtv\\".indexOf(c);
        if (simple >= 0) {
            into.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
            return 1;
        }
        if (c == quote) {
            into.append(c);
            return 1;
        }
        boolean octal = c >= '0' && c <= '7';
        int digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : -1;
        int from = octal ? at : at + 1;
        if (digits < 0 || from + digits > text.length()) {
            return -1;
        }
        try {
            int point = Integer.parseInt(text, from, from + digits, octal ? 8 : 16);
            if (!Character.isValidCodePoint(point)) {
                return -1;
            }
            into.appendCodePoint(point);
            return from + digits - at;
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
