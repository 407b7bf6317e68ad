package dev.muster.blocks.schema;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Any text as one part of a key, and back.
public final class PercentText {
    /// A file name has at most 255 bytes; the times and the suffix take up to 40.
    private static final int LONGEST = 200;

    private PercentText() {}

    static void check(String name, String text) {
        if (text.isEmpty() || escaped(text).length() > LONGEST) {
            throw new IllegalArgumentException(
                    "block id: %s must not be empty and must have at most %d characters when escaped: found=%s"
                            .formatted(name, LONGEST, text));
        }
    }

    /// Every byte of UTF-8 but letters, digits, dot, dash and underscore as `%` and two hex digits.
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '.'
                || b == '-'
                || b == '_';
    }

    /// What was escaped.
    ///
    /// @throws IllegalArgumentException if the text is not escaped UTF-8
    public static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length()) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else if (c < 0x80 && isPlain((byte) c)) {
                bytes.write(c);
            } else {
                throw new IllegalArgumentException("key part must be escaped: found=" + text);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("key part must be UTF-8: found=" + text, e);
        }
    }
}
