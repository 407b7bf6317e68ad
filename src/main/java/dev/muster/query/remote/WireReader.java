package dev.muster.query.remote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the fields of a Protocol Buffers message one after another. Owned by one thread.
///
/// See the encoding guide of Protocol Buffers.
final class WireReader {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private int wireType;

    WireReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private WireReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /// Reads the tag of the next field; false at the end of the message.
    boolean next() throws WireFormatException {
        if (at >= end) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 32 != 0 || field == 0) {
            throw refused("tag must have a field number: found=" + tag);
        }
        return true;
    }

    /// Number of the field whose tag was read last.
    int field() {
        return field;
    }

    long number() throws WireFormatException {
        require(VARINT);
        return varint();
    }

    double real() throws WireFormatException {
        require(FIXED64);
        int from = at;
        step(8);
        return Double.longBitsToDouble((long) LONG.get(bytes, from));
    }

    String text() throws WireFormatException {
        int from = content();
        return new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /// A reader of the message that is the content of the field.
    WireReader message() throws WireFormatException {
        int from = content();
        return new WireReader(bytes, from, at);
    }

    /// Is it a field of bytes: a text, a message or packed numbers?
    boolean isBytes() {
        return wireType == BYTES;
    }

    boolean atEnd() {
        return at >= end;
    }

    /// A copy of the content of the field.
    byte[] copy() throws WireFormatException {
        int from = content();
        return Arrays.copyOfRange(bytes, from, at);
    }

    /// Steps over a field that nobody asked for.
    void skip() throws WireFormatException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> step(8);
            case BYTES -> content();
            case FIXED32 -> step(4);
            default -> throw refused("wire type must be 0, 1, 2 or 5: found=" + wireType);
        }
    }

    /// The next number, whatever the tag.
    long varint() throws WireFormatException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw refused("number must end within its message");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw refused("number must have at most 10 bytes");
    }

    private int content() throws WireFormatException {
        require(BYTES);
        long length = varint();
        if (length < 0 || length > end - at) {
            throw refused(
                    "field must end within its message: lengthBytes="
                            + Long.toUnsignedString(length)
                            + ", left="
                            + (end - at));
        }
        int from = at;
        at += (int) length;
        return from;
    }

    private void step(int count) throws WireFormatException {
        if (end - at < count) {
            throw refused("number must end within its message");
        }
        at += count;
    }

    private void require(int wanted) throws WireFormatException {
        if (wireType != wanted) {
            throw refused(
                    "field must have its wire type: expected=" + wanted + ", found=" + wireType);
        }
    }

    private WireFormatException refused(String rule) {
        return new WireFormatException(
                "message: field=" + field + " offsetBytes=" + at + ": " + rule);
    }
}
