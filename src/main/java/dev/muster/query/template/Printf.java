package dev.muster.query.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Go's `Sprintf`. One use each.
final class Printf {
    private static final int SIZE_LIMIT = 10_000;

    private final String format;
    private final List<@Nullable Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;
    private boolean minus;
    private boolean plus;
    private boolean space;
    private boolean zero;
    private boolean sharp;
    private int width;
    private int precision;

    private Printf(String format, List<@Nullable Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<@Nullable Object> arguments) {
        return new Printf(format, arguments).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at >= format.length()) {
                out.append("%!(NOVERB)");
            } else {
                directive();
            }
        }
        if (next < arguments.size()) {
            extra();
        }
        return out.toString();
    }

    private void extra() {
        out.append("%!(EXTRA ");
        for (int i = next; i < arguments.size(); i++) {
            Object value = arguments.get(i);
            out.append(i > next ? ", " : "").append(GoText.type(value));
            if (value != null) {
                out.append('=').append(GoText.of(value));
            }
        }
        out.append(')');
    }

    private void directive() {
        flags();
        width = size();
        if (width < -1) {
            minus = true;
            width = -width;
        }
        precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(0, size());
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (next >= arguments.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            pad(text((char) verb, arguments.get(next++)));
        }
    }

    private void flags() {
        minus = false;
        plus = false;
        space = false;
        zero = false;
        sharp = false;
        while (at < format.length()) {
            switch (format.charAt(at)) {
                case '-' -> minus = true;
                case '+' -> plus = true;
                case ' ' -> space = true;
                case '0' -> zero = true;
                case '#' -> sharp = true;
                default -> {
                    return;
                }
            }
            at++;
        }
    }

    /// A width or precision; -1 if there is none.
    private int size() {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            if (next < arguments.size() && arguments.get(next++) instanceof Long size) {
                return Math.clamp(size, -SIZE_LIMIT, SIZE_LIMIT);
            }
            out.append("%!(BADWIDTH)");
            return -1;
        }
        int size = -1;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            size = Math.max(0, size) * 10 + (format.charAt(at) - '0');
            size = Math.min(size, SIZE_LIMIT);
            at++;
        }
        return size;
    }

    private void pad(String text) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (minus) {
            out.append(text).repeat(" ", missing);
        } else if (zero) {
            boolean signed = !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0;
            out.append(signed ? text.substring(0, 1) : "")
                    .repeat("0", missing)
                    .append(signed ? text.substring(1) : text);
        } else {
            out.repeat(" ", missing).append(text);
        }
    }

    private String text(char verb, @Nullable Object value) {
        if (verb == 'T') {
            return GoText.type(value);
        }
        return switch (value) {
            case null -> verb == 'v' ? "<nil>" : "%!" + verb + "(<nil>)";
            case Boolean truth -> verb == 'v' || verb == 't' ? truth.toString() : bad(verb, value);
            case Double number -> number(verb, number);
            case Long whole -> whole(verb, whole);
            case String string -> string(verb, string);
            case List<?> list -> list(verb, list);
            case Methods with when with.value() != null -> text(verb, with.value());
            case Words words -> map(verb, words.entries());
            case Map<?, ?> map -> map(verb, map);
            default -> verb == 'v' || verb == 's' ? GoText.of(value) : bad(verb, value);
        };
    }

    private String list(char verb, List<?> list) {
        StringBuilder text = new StringBuilder("[");
        for (Object each : list) {
            text.append(text.length() > 1 ? " " : "").append(text(verb, each));
        }
        return text.append(']').toString();
    }

    private String map(char verb, Map<?, ?> map) {
        StringBuilder text = new StringBuilder("map[");
        map.forEach((key, each) ->
                text.append(text.length() > 4 ? " " : "")
                        .append(text(verb, key))
                        .append(':')
                        .append(text(verb, each)));
        return text.append(']').toString();
    }

    private String number(char verb, double number) {
        return switch (verb) {
            case 'v' -> signed(GoText.number(number, 'g', precision), number >= 0);
            case 'g', 'G' -> signed(GoText.number(number, verb, precision), number >= 0);
            case 'e', 'E', 'f' ->
                    signed(GoText.number(number, verb, precision < 0 ? 6 : precision), number >= 0);
            case 'F' ->
                    signed(GoText.number(number, 'f', precision < 0 ? 6 : precision), number >= 0);
            default -> bad(verb, number);
        };
    }

    private String whole(char verb, long whole) {
        return switch (verb) {
            case 'v', 'd' -> signed(Long.toString(whole), whole >= 0);
            case 'b' -> signed(Long.toString(whole, 2), whole >= 0);
            case 'o' -> signed(Long.toString(whole, 8), whole >= 0);
            case 'x' -> signed((sharp ? "0x" : "") + Long.toString(whole, 16), whole >= 0);
            case 'X' ->
                    signed(
                            (sharp ? "0X" : "") + Long.toString(whole, 16).toUpperCase(Locale.ROOT),
                            whole >= 0);
            case 'c' ->
                    Character.isValidCodePoint((int) whole)
                            ? Character.toString((int) whole)
                            : "\ufffd";
            case 'q' -> {
                String one =
                        Character.isValidCodePoint((int) whole)
                                ? Character.toString((int) whole)
                                : "\ufffd";
                String quoted = GoText.quoted(one);
                yield whole == '"'
                        ? "'\"'"
                        : "'" + quoted.substring(1, quoted.length() - 1).replace("'", "\\'") + "'";
            }
            case 'U' -> String.format("U+%04X", whole);
            default -> bad(verb, whole);
        };
    }

    private String signed(String text, boolean positive) {
        if (!positive || text.startsWith("+")) {
            return text;
        }
        return plus ? "+" + text : space ? " " + text : text;
    }

    private String string(char verb, String string) {
        String cut =
                precision >= 0 && precision < string.codePointCount(0, string.length())
                        ? string.substring(0, string.offsetByCodePoints(0, precision))
                        : string;
        return switch (verb) {
            case 'v' -> sharp ? GoText.quoted(cut) : cut;
            case 's' -> cut;
            case 'q' -> GoText.quoted(cut);
            case 'x', 'X' -> hex(cut, verb);
            default -> bad(verb, string);
        };
    }

    private static String hex(String text, char verb) {
        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format(verb == 'x' ? "%02x" : "%02X", b));
        }
        return hex.toString();
    }

    private static String bad(char verb, Object value) {
        return "%!" + verb + "(" + GoText.type(value) + "=" + GoText.of(value) + ")";
    }
}
