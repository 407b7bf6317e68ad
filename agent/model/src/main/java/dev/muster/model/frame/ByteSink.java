package dev.muster.model.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing array of bytes with the encodings that frames are made of. Confined to one thread.
public final class ByteSink {
    private byte[] bytes = new byte[4_096];
    private int size;

    /// How many bytes were written.
    public int size() {
        return size;
    }

    /// Forgets what was written; the array stays.
    public void clear() {
        size = 0;
    }

    /// The array behind this sink, valid up to [#size()] and until the next write.
    public byte[] array() {
        return bytes;
    }

    /// A copy of what was written.
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /// The lowest eight bits.
    public void writeByte(int value) {
        if (size == bytes.length) {
            reserve(1);
        }
        bytes[size++] = (byte) value;
    }

    /// Four bytes, lowest first.
    public void writeInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            writeByte(value >>> shift);
        }
    }

    /// Eight bytes, lowest first.
    public void writeLong(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            writeByte((int) (value >>> shift));
        }
    }

    /// The lowest `count` bytes of `value`, lowest first.
    public void writeLowBytes(long value, int count) {
        reserve(count);
        long rest = value;
        for (int i = 0; i < count; i++) {
            bytes[size++] = (byte) rest;
            rest >>>= 8;
        }
    }

    /// Seven bits a byte, lowest first, the high bit says that more follow.
    public void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            writeByte((int) (rest | 0x80));
            rest >>>= 7;
        }
        writeByte((int) rest);
    }

    /// A varint that is short for small magnitudes of both signs.
    public void writeZigzag(long value) {
        writeVarint((value << 1) ^ (value >> 63));
    }

    /// Length in bytes as a varint, then UTF-8.
    public void writeString(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        writeVarint(encoded.length);
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    /// What another sink holds.
    public void append(ByteSink other) {
        reserve(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            Math.max(
                                    needed,
                                    Math.toIntExact(
                                            Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length))));
        }
    }
}
