package dev.muster.model.frame;

import java.nio.charset.StandardCharsets;

/// Reads what [ByteSink] wrote, from a slice of an array; refuses to go past its end. Confined to
/// one thread.
public final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int position;

    /// @param bytes not copied
    /// @param start first index
    /// @param end after the last index
    public ByteSource(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /// Index in the array of what is read next.
    public int position() {
        return position;
    }

    /// Is nothing left?
    public boolean exhausted() {
        return position == end;
    }

    /// Leaves bytes out.
    public void skip(int count) throws FrameFormatException {
        require(count);
        position += count;
    }

    /// How many bytes are left.
    public int left() {
        return end - position;
    }

    /// The next `count` bytes as a source of their own; this one stays where it is.
    public ByteSource slice(int count) throws FrameFormatException {
        require(count);
        return new ByteSource(bytes, position, position + count);
    }

    /// One byte, 0 to 255.
    public int readByte() throws FrameFormatException {
        require(1);
        return bytes[position++] & 0xff;
    }

    /// Four bytes, lowest first.
    public int readInt() throws FrameFormatException {
        return (int) readLowBytes(4);
    }

    /// Eight bytes, lowest first.
    public long readLong() throws FrameFormatException {
        return readLowBytes(8);
    }

    /// So many bytes, lowest first.
    public long readLowBytes(int count) throws FrameFormatException {
        require(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[position++] & 0xffL) << (8 * i);
        }
        return value;
    }

    /// Refuses more than 64 bits.
    public long readVarint() throws FrameFormatException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new FrameFormatException(
                "frame positionBytes=" + position + ": a number must end within 10 bytes");
    }

    /// What [ByteSink#writeZigzag] wrote.
    public long readZigzag() throws FrameFormatException {
        long value = readVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /// A number from 0 to `limit`.
    public int readCount(String what, int limit) throws FrameFormatException {
        long count = readVarint();
        if (count < 0 || count > limit) {
            throw new FrameFormatException(
                    "frame positionBytes="
                            + position
                            + ": "
                            + what
                            + " must be at most "
                            + limit
                            + ": found="
                            + Long.toUnsignedString(count));
        }
        return (int) count;
    }

    /// What [ByteSink#writeString] wrote.
    public String readString() throws FrameFormatException {
        int length = readCount("length of a text in bytes", end - position);
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    void readBytes(byte[] into, int offset, int count) throws FrameFormatException {
        require(count);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
    }

    private void require(int count) throws FrameFormatException {
        if (count > end - position) {
            throw new FrameFormatException(
                    "frame positionBytes="
                            + position
                            + ": needed bytes="
                            + count
                            + ", left="
                            + (end - position));
        }
    }
}
