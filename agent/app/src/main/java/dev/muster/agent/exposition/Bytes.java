package dev.muster.agent.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Searches in ranges of byte arrays, eight bytes at a time where that pays.
///
/// All ranges are half open and must lie within the array.
final class Bytes {
    /*
     * A word holds eight bytes, the first in the lowest bits. In `x = word ^ pattern` a byte is zero
     * where word and pattern agree, and `(x - 0x01..01) & ~x & 0x80..80` has the high bit of such a
     * byte set; bits above the lowest one set may be wrong, so only the lowest is used.
     */
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte COLON = 4;

    private static final byte[] KINDS = new byte[256];

    static {
        for (int c = 'a'; c <= 'z'; c++) {
            KINDS[c] = LETTER;
            KINDS[c - 'a' + 'A'] = LETTER;
        }
        KINDS['_'] = LETTER;
        for (int c = '0'; c <= '9'; c++) {
            KINDS[c] = DIGIT;
        }
        KINDS[':'] = COLON;
    }

    private Bytes() {}

    static long word(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }

    /// The first line feed, or `to`.
    static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - 8; at += 8) {
            long x = word(bytes, at) ^ NEWLINES;
            long found = (x - ONES) & ~x & HIGHS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /// The first double quote or backslash, or `to`.
    static int quoteOrBackslash(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - 8; at += 8) {
            long word = word(bytes, at);
            long x = word ^ QUOTES;
            long y = word ^ BACKSLASHES;
            long found = (((x - ONES) & ~x) | ((y - ONES) & ~y)) & HIGHS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /// The quote that closes a string whose content starts at `from`, or `to` where none does.
    static int closingQuote(byte[] bytes, int from, int to) {
        int at = quoteOrBackslash(bytes, from, to);
        while (at < to && bytes[at] == '\\') {
            at = quoteOrBackslash(bytes, Math.min(at + 2, to), to);
        }
        return at;
    }

    /// The first byte that is not ASCII, or `to`.
    static int nonAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - 8 && (word(bytes, at) & HIGHS) == 0) {
            at += 8;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /// Can a metric name start with it?
    static boolean startsName(byte b) {
        return (KINDS[b & 0xff] & (LETTER | COLON)) != 0;
    }

    /// Can a label name start with it?
    static boolean startsLabelName(byte b) {
        return KINDS[b & 0xff] == LETTER;
    }

    static boolean isDigit(byte b) {
        return KINDS[b & 0xff] == DIGIT;
    }

    /// The first byte that does not belong to a metric name, or `to`.
    static int nameEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && KINDS[bytes[at] & 0xff] != 0) {
            at++;
        }
        return at;
    }

    /// The first byte that does not belong to a label name, or `to`.
    static int labelNameEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (KINDS[bytes[at] & 0xff] & (LETTER | DIGIT)) != 0) {
            at++;
        }
        return at;
    }

    /// The first byte that is neither space nor tab, or `to`.
    static int blanksEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// The first place of an ASCII text of eight bytes, or `to`.
    static int indexOf(byte[] bytes, int from, int to, String ascii) {
        long wanted = 0;
        for (int i = 0; i < 8; i++) {
            wanted |= (long) ascii.charAt(i) << (8 * i);
        }
        for (int at = from; at <= to - 8; at++) {
            if (word(bytes, at) == wanted) {
                return at;
            }
        }
        return to;
    }

    /// Does the range hold exactly this ASCII text?
    static boolean equal(byte[] bytes, int from, int to, String ascii) {
        return to - from == ascii.length() && startsWith(bytes, from, to, ascii);
    }

    static boolean startsWith(byte[] bytes, int from, int to, String ascii) {
        if (to - from < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
