package dev.muster.query.receivers.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/// Cuts texts to what services take. What is cut ends in an ellipsis.
public final class Cut {
    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_BYTES = 3;

    private Cut() {}

    /// To so many code points.
    public static String toChars(String text, int limit) {
        if (text.codePointCount(0, text.length()) <= limit) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, limit - 1)) + ELLIPSIS;
    }

    /// To so many bytes of UTF-8.
    public static String toBytes(String text, int limit) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= limit) {
            return text;
        }
        CharBuffer chars = CharBuffer.wrap(text);
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        var _ = encoder.encode(chars, ByteBuffer.allocate(limit - ELLIPSIS_BYTES), true);
        return text.substring(0, chars.position()) + ELLIPSIS;
    }
}
