package dev.muster.query.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes fields of Protocol Buffers messages into memory. Numbers and texts that are 0 or empty
/// are left out, as the third version of the language does. Reused; owned by one thread.
final class WireWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private byte[] bytes = new byte[1_024];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// The content; valid until the next write, up to [#size()].
    byte[] array() {
        return bytes;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    void number(int field, long value) {
        if (value != 0) {
            tag(field, VARINT);
            varint(value);
        }
    }

    void zigZag(int field, long value) {
        number(field, (value << 1) ^ (value >> 63));
    }

    /// A double, 0 among them where `always`.
    void real(int field, double value, boolean always) {
        if (always || Double.doubleToRawLongBits(value) != 0) {
            tag(field, FIXED64);
            fixed64(value);
        }
    }

    void real(int field, double value) {
        real(field, value, false);
    }

    void text(int field, String text) {
        if (!text.isEmpty()) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes(field, utf8, utf8.length);
        }
    }

    void bytes(int field, byte[] content, int length) {
        tag(field, BYTES);
        varint(length);
        raw(content, length);
    }

    void message(int field, WireWriter content) {
        bytes(field, content.bytes, content.size);
    }

    void varint(long value) {
        long left = value;
        reserve(10);
        while ((left & ~0x7fL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    void fixed64(double value) {
        reserve(8);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (bits >>> (8 * i));
        }
    }

    /// Appends the fields of another message.
    void append(WireWriter fields) {
        raw(fields.bytes, fields.size);
    }

    private void raw(byte[] content, int length) {
        reserve(length);
        System.arraycopy(content, 0, bytes, size, length);
        size += length;
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(1L << 30, Math.max(needed, 2L * size)));
        }
    }
}
