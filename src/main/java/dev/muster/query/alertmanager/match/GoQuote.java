package dev.muster.query.alertmanager.match;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Texts in double quotes as Go writes and reads them.
public final class GoQuote {
    private GoQuote() {}

    /// The text in quotes.
    public static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case 11 -> out.append("\\v");
            default -> {
                if (printable(c)) {
                    out.appendCodePoint(c);
                } else if (c < 0x80) {
                    out.append(String.format("\\x%02x", c));
                } else {
                    out.append(String.format(c < 0x1_0000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// What stands in quotes, with these.
    ///
    /// @throws MatcherException if it is not in quotes, or an escape is wrong
    static String unquote(String quoted) throws MatcherException {
        if (quoted.length() < 2 || !quoted.startsWith("\"") || !quoted.endsWith("\"")) {
            throw new MatcherException("text must end with a quote: " + quoted);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String inner = quoted.substring(1, quoted.length() - 1);
        int i = 0;
        while (i < inner.length()) {
            int c = inner.codePointAt(i);
            if (c == '"' || c == '\n') {
                throw new MatcherException("text must not have a bare quote or newline: " + quoted);
            }
            if (c == '\\') {
                i = escape(inner, i + 1, out, quoted);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MatcherException("text must be UTF-8: " + quoted);
        }
    }

    private static int escape(String text, int at, ByteArrayOutputStream out, String whole)
            throws MatcherException {
        if (at >= text.length()) {
            throw wrong(whole);
        }
        char kind = text.charAt(at);
        int plain = "abfnrtv\\\"".indexOf(kind);
        if (plain >= 0) {
            out.write("\u0007\b\f\n\r\t\u000b\\\"".charAt(plain));
            return at + 1;
        }
        if (kind >= '0' && kind <= '7') {
            out.write(number(text, at, 3, 8, whole) & 0xff);
            return at + 3;
        }
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        if (digits == 0) {
            throw wrong(whole);
        }
        int number = number(text, at + 1, digits, 16, whole);
        if (kind == 'x') {
            out.write(number);
        } else {
            if (!Character.isValidCodePoint(number) || (number >= 0xd800 && number < 0xe000)) {
                throw wrong(whole);
            }
            out.writeBytes(Character.toString(number).getBytes(StandardCharsets.UTF_8));
        }
        return at + 1 + digits;
    }

    private static int number(String text, int at, int digits, int radix, String whole)
            throws MatcherException {
        if (at + digits > text.length()) {
            throw wrong(whole);
        }
        long number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                throw wrong(whole);
            }
            number = number * radix + digit;
        }
        if (number > Integer.MAX_VALUE) {
            throw wrong(whole);
        }
        return (int) number;
    }

    private static MatcherException wrong(String whole) {
        return new MatcherException("text has an escape that is not known: " + whole);
    }
}
