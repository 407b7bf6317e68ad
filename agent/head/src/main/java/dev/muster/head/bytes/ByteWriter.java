package dev.muster.head.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing byte array that is written at its end and reused. Confined to one thread.
public final class ByteWriter {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] array;
    private int size;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int capacity) {
        array = new byte[capacity];
    }

    /// The bytes written, from 0 to [#size()]; valid until the next call that writes.
    public byte[] array() {
        return array;
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /// Forgets the array where it has grown beyond `keepBytes`, so that one large use does not hold
    /// memory for good.
    public void shrink(int keepBytes) {
        size = 0;
        if (array.length > keepBytes) {
            array = new byte[keepBytes];
        }
    }

    /// Makes room for `more` bytes.
    public void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > array.length) {
            long grown = Math.max(needed, Math.min(Integer.MAX_VALUE - 8L, array.length * 2L));
            array = Arrays.copyOf(array, (int) grown);
        }
    }

    /// Moves the end by `bytes`, over bytes of undefined content.
    public void skip(int bytes) {
        reserve(bytes);
        size += bytes;
    }

    /// Sets the end back.
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException(
                    "size must not grow: newSize=" + newSize + ", size=" + size);
        }
        size = newSize;
    }

    public void u8(int value) {
        reserve(1);
        array[size++] = (byte) value;
    }

    public void u16(int value) {
        reserve(2);
        SHORT.set(array, size, (short) value);
        size += 2;
    }

    public void u32(int value) {
        reserve(4);
        INT.set(array, size, value);
        size += 4;
    }

    public void u64(long value) {
        reserve(8);
        LONG.set(array, size, value);
        size += 8;
    }

    public void putU16(int offset, int value) {
        SHORT.set(array, offset, (short) value);
    }

    public void putU32(int offset, int value) {
        INT.set(array, offset, value);
    }

    public void putU64(int offset, long value) {
        LONG.set(array, offset, value);
    }

    /// Seven bits a byte, lowest first; small numbers are short.
    public void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
    }

    /// A varint whose sign sits in the lowest bit.
    public void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    /// Length in bytes, then UTF-8.
    public void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        bytes(utf8, 0, utf8.length);
    }

    public void bytes(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, array, size, length);
        size += length;
    }

    /// A word without its zero bytes at both ends: a byte that counts them (leading in the high
    /// half, trailing in the low half, at most 7 each), then the rest, lowest byte first.
    public void sparse(long word) {
        reserve(16);
        int leading = Math.min(7, Long.numberOfLeadingZeros(word) >>> 3);
        int trailing =
                word == 0 ? 0 : Math.min(7 - leading, Long.numberOfTrailingZeros(word) >>> 3);
        array[size] = (byte) (leading << 4 | trailing);
        LONG.set(array, size + 1, word >>> (trailing << 3));
        size += 9 - leading - trailing;
    }
}
