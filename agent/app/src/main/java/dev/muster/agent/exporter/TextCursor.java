package dev.muster.agent.exporter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Walks over lines of fields, as the kernel writes its tables, without making strings. Confined to
/// one thread; the bytes belong to whoever called [#reset].
final class TextCursor {
    private byte[] bytes = new byte[0];
    private int end;
    private int nextLine;
    private int lineEnd;
    private int position;
    private int fieldStart;
    private int fieldEnd;

    /// Starts before the first line.
    void reset(byte[] bytes, int size) {
        this.bytes = bytes;
        end = size;
        nextLine = 0;
        lineEnd = 0;
        position = 0;
        fieldStart = 0;
        fieldEnd = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    /// How many of the bytes are the text.
    int size() {
        return end;
    }

    /// Moves before the first field of the next line; false after the last.
    boolean nextLine() {
        if (nextLine >= end) {
            return false;
        }
        position = nextLine;
        int at = nextLine;
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        lineEnd = at;
        nextLine = at + 1;
        return true;
    }

    boolean lineEndsWith(String ascii) {
        int from = lineEnd - ascii.length();
        for (int i = 0; i < ascii.length(); i++) {
            if (from < position || bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Moves to the next field of the line: a run without blanks. False where there is none.
    boolean nextField() {
        return nextField((byte) ' ');
    }

    /// Moves to the next field, ended by `separator`, a blank or the end of the line.
    boolean nextField(byte separator) {
        int at = position;
        while (at < lineEnd && isBlank(bytes[at])) {
            at++;
        }
        fieldStart = at;
        while (at < lineEnd && bytes[at] != separator && !isBlank(bytes[at])) {
            at++;
        }
        fieldEnd = at;
        position = at < lineEnd && bytes[at] == separator ? at + 1 : at;
        return fieldEnd > fieldStart;
    }

    /// Makes the rest of the line, without blanks at its ends, the field.
    boolean restOfLine() {
        int from = position;
        int to = lineEnd;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        fieldStart = from;
        fieldEnd = to;
        position = lineEnd;
        return to > from;
    }

    int fieldStart() {
        return fieldStart;
    }

    int fieldEnd() {
        return fieldEnd;
    }

    int fieldLength() {
        return fieldEnd - fieldStart;
    }

    boolean fieldIs(String ascii) {
        return fieldLength() == ascii.length() && fieldStartsWith(ascii);
    }

    boolean fieldStartsWith(String ascii) {
        if (fieldLength() < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[fieldStart + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean fieldContains(String ascii) {
        for (int from = 0; from + ascii.length() <= fieldLength(); from++) {
            int i = 0;
            while (i < ascii.length() && bytes[fieldStart + from + i] == ascii.charAt(i)) {
                i++;
            }
            if (i == ascii.length()) {
                return true;
            }
        }
        return false;
    }

    /// The field as a string: allocates.
    String text() {
        return new String(bytes, fieldStart, fieldLength(), StandardCharsets.UTF_8);
    }

    /// The field as an unsigned decimal; those above 2^63 come out as the nearest double.
    double number() throws IOException {
        return number(fieldStart);
    }

    /// The field from its `from`th byte on as a whole number.
    double numberFrom(int from) throws IOException {
        return number(fieldStart + from);
    }

    private double number(int from) throws IOException {
        long whole = 0;
        boolean fits = true;
        for (int at = from; at < fieldEnd; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw unexpected("field must be a whole number");
            }
            fits &= whole <= (Long.MAX_VALUE - 9) / 10;
            whole = 10 * whole + digit;
        }
        if (from >= fieldEnd) {
            throw unexpected("field must be a whole number");
        }
        return fits ? whole : Double.parseDouble(text());
    }

    /// The field as a hexadecimal number of at most 13 digits.
    double hexadecimal() throws IOException {
        long value = 0;
        for (int at = fieldStart; at < fieldEnd; at++) {
            int digit = Character.digit(bytes[at], 16);
            if (digit < 0 || fieldLength() > 13) {
                throw unexpected("field must be a hexadecimal number");
            }
            value = 16 * value + digit;
        }
        return value;
    }

    /// The field as a decimal with a point.
    double decimal() throws IOException {
        double value = 0;
        double scale = 0;
        for (int at = fieldStart; at < fieldEnd; at++) {
            if (bytes[at] == '.' && scale == 0) {
                scale = 1;
            } else if (bytes[at] >= '0' && bytes[at] <= '9') {
                value = 10 * value + (bytes[at] - '0');
                scale *= 10;
            } else {
                throw unexpected("field must be a decimal number");
            }
        }
        if (fieldStart == fieldEnd) {
            throw unexpected("field must be a decimal number");
        }
        return scale == 0 ? value : value / scale;
    }

    /// The next field as a whole number, which must be there.
    double nextNumber() throws IOException {
        nextField();
        return number();
    }

    IOException unexpected(String rule) {
        return new IOException(rule + ": found=" + text());
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
