package dev.muster.promql;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/// Strings as the language writes them, which is as Go does.
///
/// Bytes that are not UTF-8 stand in a text as lone surrogates from U+DC80 on, one for each.
final class StringText {
    /// A byte that is not UTF-8 stands as this and its value.
    private static final int STRAY = 0xdc00;

    private StringText() {}

    private static boolean isStrayByte(int c) {
        return c >= STRAY + 0x80 && c <= STRAY + 0xff;
    }

    /// Can it be the name of a label: not empty, and UTF-8?
    static boolean isLabelName(String text) {
        return !text.isEmpty() && text.codePoints().noneMatch(StringText::isStrayByte);
    }

    /// In double quotes, with escapes.
    static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> appendEscaped(result, c, '"'));
        return result.append('"').toString();
    }

    /// In single quotes, with escapes.
    static String quotedChar(int c) {
        StringBuilder result = new StringBuilder(4).append('\'');
        appendEscaped(result, c, '\'');
        return result.append('\'').toString();
    }

    private static void appendEscaped(StringBuilder result, int c, char quote) {
        switch (c) {
            case 7 -> result.append("\\a");
            case '\b' -> result.append("\\b");
            case '\f' -> result.append("\\f");
            case '\n' -> result.append("\\n");
            case '\r' -> result.append("\\r");
            case '\t' -> result.append("\\t");
            case 11 -> result.append("\\v");
            case '\\' -> result.append("\\\\");
            default -> {
                if (c == quote) {
                    result.append('\\').append(quote);
                } else if (isStrayByte(c)) {
                    result.append(String.format("\\x%02x", c - STRAY));
                } else if (c < 0x20 || c == 0x7f) {
                    result.append(String.format("\\x%02x", c));
                } else if (Character.isISOControl(c) || !Character.isDefined(c)) {
                    result.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
                } else {
                    result.appendCodePoint(c);
                }
            }
        }
    }

    /// The text that a string token stands for. The lexer has accepted its escapes.
    static String unquoted(String token) {
        char quote = token.charAt(0);
        String body = token.substring(1, token.length() - 1);
        if (quote == '`' || body.indexOf('\\') < 0) {
            return body;
        }
        ByteText bytes = new ByteText(body.length());
        int i = 0;
        while (i < body.length()) {
            int c = body.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                bytes.append(c);
            } else {
                i = unescape(body, i, bytes);
            }
        }
        return bytes.toString();
    }

    private static int unescape(String body, int at, ByteText bytes) {
        char c = body.charAt(at);
        int simple = "abfnrtv".indexOf(c);
        if (simple >= 0) {
            bytes.append("\u0007\b\f\n\r\t\u000b".charAt(simple));
            return at + 1;
        }
        return switch (c) {
            case 'x' -> {
                bytes.appendByte(Integer.parseInt(body, at + 1, at + 3, 16));
                yield at + 3;
            }
            case 'u' -> {
                bytes.append(Integer.parseInt(body, at + 1, at + 5, 16));
                yield at + 5;
            }
            case 'U' -> {
                bytes.append(Integer.parseInt(body, at + 1, at + 9, 16));
                yield at + 9;
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                bytes.appendByte(Integer.parseInt(body, at, at + 3, 8));
                yield at + 3;
            }
            default -> {
                bytes.append(c);
                yield at + 1;
            }
        };
    }

    /// Text put together from code points and single bytes, for escapes such as `\xc3\xa4`.
    private static final class ByteText {
        private final ByteArrayOutputStream bytes;

        ByteText(int capacity) {
            bytes = new ByteArrayOutputStream(capacity);
        }

        void append(int codePoint) {
            bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        }

        void appendByte(int value) {
            bytes.write(value);
        }

        @Override
        public String toString() {
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
            CharBuffer out = CharBuffer.allocate(in.remaining());
            while (decoder.decode(in, out, true).isError()) {
                out.put((char) (STRAY + (in.get() & 0xff)));
                decoder.reset();
            }
            return out.flip().toString();
        }
    }
}
