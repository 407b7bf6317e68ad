package dev.muster.head.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads what [ByteWriter] wrote. Reading beyond the end is an IndexOutOfBoundsException. Confined
/// to one thread.
public final class ByteReader {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] array;
    private int position;
    private int end;

    public ByteReader() {
        this(new byte[0], 0, 0);
    }

    public ByteReader(byte[] array, int offset, int length) {
        this.array = array;
        position = offset;
        end = offset + length;
    }

    public void reset(byte[] newArray, int offset, int length) {
        array = newArray;
        position = offset;
        end = offset + length;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    public void skip(int bytes) {
        require(bytes);
        position += bytes;
    }

    public int u8() {
        require(1);
        return array[position++] & 0xff;
    }

    public int u16() {
        require(2);
        int value = (short) SHORT.get(array, position) & 0xffff;
        position += 2;
        return value;
    }

    public int u32() {
        require(4);
        int value = (int) INT.get(array, position);
        position += 4;
        return value;
    }

    public long u64() {
        require(8);
        long value = (long) LONG.get(array, position);
        position += 8;
        return value;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException(
                "varint must end within 10 bytes: position=" + position);
    }

    /// A varint that counts something that follows.
    public int count() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("count must fit an int: found=" + value);
        }
        return (int) value;
    }

    public long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    public String text() {
        int length = count();
        require(length);
        String text = new String(array, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /// What [ByteWriter#sparse] wrote.
    public long sparse() {
        int control = u8();
        int leading = control >>> 4 & 7;
        int trailing = control & 7;
        int length = 8 - leading - trailing;
        require(length);
        long word = 0;
        if (position + 8 <= array.length) {
            word = (long) LONG.get(array, position) & (-1L >>> (64 - (length << 3)));
        } else {
            for (int i = 0; i < length; i++) {
                word |= (array[position + i] & 0xffL) << (i << 3);
            }
        }
        position += length;
        return word << (trailing << 3);
    }

    private void require(int bytes) {
        if (bytes < 0 || end - position < bytes) {
            throw new IndexOutOfBoundsException(
                    "bytes must be there: wanted=" + bytes + ", found=" + (end - position));
        }
    }
}
