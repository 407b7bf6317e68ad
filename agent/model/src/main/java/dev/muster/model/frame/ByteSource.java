package dev.muster.model.frame;

import java.nio.charset.StandardCharsets;

/// Reads what [ByteSink] wrote, from a slice of an array; refuses to go past its end. Confined to
/// one thread.
final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteSource(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    boolean exhausted() {
        return position == end;
    }

    void skip(int count) throws FrameFormatException {
        require(count);
        position += count;
    }

    /// How many bytes are left.
    int left() {
        return end - position;
    }

    /// The next `count` bytes as a source of their own; this one stays where it is.
    ByteSource slice(int count) throws FrameFormatException {
        require(count);
        return new ByteSource(bytes, position, position + count);
    }

    int readByte() throws FrameFormatException {
        require(1);
        return bytes[position++] & 0xff;
    }

    int readInt() throws FrameFormatException {
        return (int) readLowBytes(4);
    }

    long readLong() throws FrameFormatException {
        return readLowBytes(8);
    }

    long readLowBytes(int count) throws FrameFormatException {
        require(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[position++] & 0xffL) << (8 * i);
        }
        return value;
    }

    long readVarint() throws FrameFormatException {
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

    long readZigzag() throws FrameFormatException {
        long value = readVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /// A number from 0 to `limit`.
    int readCount(String what, int limit) throws FrameFormatException {
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

    String readString() throws FrameFormatException {
        int length = readCount("length of a text in bytes", end - position);
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
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
