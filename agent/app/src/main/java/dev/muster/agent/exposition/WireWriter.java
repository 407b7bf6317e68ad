package dev.muster.agent.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes fields of protobuf messages into a buffer that grows and is reused. Confined to one
/// thread. Source: https://protobuf.dev/programming-guides/encoding/
public final class WireWriter {
    byte[] bytes = new byte[256];
    int size;

    /// Forgets what was written.
    public void clear() {
        size = 0;
    }

    /// Bytes written since the last [#clear].
    public int size() {
        return size;
    }

    /// The buffer itself, which holds [#size] bytes until the next change.
    public byte[] buffer() {
        return bytes;
    }

    /// What was written, copied.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// A field of a whole number.
    public WireWriter number(int field, long value) {
        varint((long) field << 3);
        return varint(value);
    }

    /// A field of a real number.
    public WireWriter real(int field, double value) {
        varint(((long) field << 3) | WireReader.FIXED64);
        return fixed64(Double.doubleToRawLongBits(value));
    }

    /// Eight bytes without a field, the least first.
    public WireWriter fixed64(long bits) {
        reserve(8);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (bits >>> (8 * i));
        }
        return this;
    }

    /// A field of a text.
    public WireWriter text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return content(field, utf8, 0, utf8.length);
    }

    /// A field that holds what another writer wrote.
    public WireWriter message(int field, WireWriter other) {
        return content(field, other.bytes, 0, other.size);
    }

    /// A field of bytes, a part of an array.
    public WireWriter content(int field, byte[] source, int from, int to) {
        varint(((long) field << 3) | WireReader.BYTES);
        varint(to - from);
        return raw(source, from, to);
    }

    /// Bytes as they are: whole fields.
    public WireWriter raw(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
        return this;
    }

    /// A number without a field.
    public WireWriter varint(long value) {
        reserve(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
        return this;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.multiplyExact(2, bytes.length)));
        }
    }
}
